// The view in which a page is stripped, its lines are corrected, and the result is saved as a sample.

import { Article } from "./article.js";
import { count } from "./element.js";
import { Labelling } from "./labelling.js";
import { Labels } from "./labels.js";
import { Lines } from "./lines.js";
import { confirmed } from "./question.js";
import * as service from "./service.js";
import { Source } from "./source.js";
import { statusOf } from "./status.js";
import { Unsure } from "./unsure.js";

const { say, told } = statusOf("page");
const find = (selector) => document.querySelector(selector);
const answer = find("#answer");
const undo = find("#undo");
const extend = find("#extend");
const url = find("#url");
const newer = find("#newer");
const columns = find("#answer .columns");

// Between two tries to be answered by a version that each worker takes over within two seconds.
const PAUSE = 500;
const TRIES = 6;

export class Workbench {
  // `saved` is called when a sample was.
  constructor(saved) {
    this.saved = saved;
    this.labelling = null;
    this.answering = null;
    this.asked = 0;
    this.source = new Source(() => this.strip());
    this.labels = new Labels((label) => this.give(label));
    this.lines = new Lines(find("#lines"), () => this.showChosen());
    this.article = new Article();
    this.unsure = new Unsure(() => this.filter());
    undo.addEventListener("click", () => this.undo());
    extend.addEventListener("click", () => this.extend());
    find("#save").addEventListener("click", told(() => this.save()));
    find("#again").addEventListener("click", told(() => this.again()));
    for (const part of ["lines", "article"]) {
      find(`#show-${part}`).addEventListener("click", () => this.showPart(part));
    }
    document.addEventListener("keydown", (event) => this.press(event));
    window.addEventListener("beforeunload", (event) => this.labelling?.unsaved && event.preventDefault());
  }

  // Strip the page as it stands in the form; whether that was done.
  async strip() {
    const lost = this.labelling?.unsaved ?? 0;
    if (lost > 0 && !(await confirmed(`${count(lost, "correction")} not saved as a sample will be lost.`, "Strip"))) {
      return false;
    }
    const asked = (this.asked += 1);
    say("Stripping …");
    const typing = document.activeElement === find("#source");
    const start = performance.now();
    const text = this.source.text;
    const found = await service.strip(text, this.source.kind);
    if (asked !== this.asked) {
      return false; // another page was asked for meanwhile
    }
    const time = Math.round(performance.now() - start);
    this.show(new Labelling({ kind: found.kind, text }, found), `in ${time} ms, by version ${found.model}.`);
    if (typing) {
      this.lines.focus();
    }
    return true;
  }

  show(labelling, how) {
    const differing = labelling.compare(this.labelling);
    if (this.labelling?.source.text !== labelling.source.text) {
      url.value = "";
    }
    this.labelling = labelling;
    answer.hidden = false;
    this.unsure.show(labelling);
    this.lines.show(labelling);
    this.showLabels();
    this.showChosen();
    this.tellAnswering(labelling.answer.model);
    const change = differing === null ? "" : ` ${differing || "None"} labelled otherwise than before.`;
    say(`${count(labelling.length, "line")} ${how}${change}`);
  }

  // Which version answers: what another has answered may be asked for again.
  tellAnswering(version) {
    this.answering = version;
    const other = this.labelling !== null && this.labelling.answer.model !== version;
    newer.hidden = !other;
    newer.querySelector("span").textContent = other ? `Version ${version} answers now; this is of another one.` : "";
  }

  async again() {
    this.source.set(this.labelling.source.text, this.labelling.source.kind);
    const { answering, labelling: before } = this;
    for (let tries = 1; await this.strip(); tries += 1) {
      // What is held against is the page as it was, and not the try before.
      if (this.labelling.answer.model === answering || tries === TRIES) {
        return;
      }
      before.save(); // its corrections have been given up, and are not to be asked for again
      this.labelling = before;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }

  // Open a stored sample: the page as the model sees it today, with the labels a person gave it.
  async open(sample) {
    this.source.set(sample.html ?? sample.text, sample.kind);
    if (!(await this.strip())) {
      return;
    }
    url.value = sample.url ?? "";
    if (sample.lines && !this.labelling.resume(sample.lines)) {
      say("The sample’s lines are not those of today: these are the labels of the model.", true);
      return;
    }
    this.labelling.before = null;
    this.lines.refresh();
    this.lines.focus();
    this.showLabels();
    if (sample.lines) {
      const { corrected } = this.labelling;
      say(`Your labels. The model has ${corrected === 0 ? "the same" : `${count(corrected, "line")} otherwise`}.`);
    }
  }

  give(label) {
    const chosen = this.lines.chosen;
    if (chosen.length === 0) {
      say("Choose a line first: click it, or press j.");
      return;
    }
    this.labelling.give(chosen, label);
    this.lines.refresh(chosen);
    this.showLabels();
    say(chosen.length === 1 ? `Line ${chosen[0] + 1} is ${label}.` : `${chosen.length} lines are ${label}.`);
  }

  undo() {
    const changed = this.labelling.undo();
    this.lines.refresh(changed);
    this.showLabels();
    say(changed.length === 0 ? "Nothing to undo." : `Undone for ${count(changed.length, "line")}.`);
  }

  extend() {
    this.lines.extending = !this.lines.extending;
    this.showChosen();
    say(this.lines.extending ? "Choose the line the range ends with." : "");
  }

  async save() {
    const { labelling } = this;
    const fields = { ...labelling.asSample(), url: url.value.trim() };
    const stored = await service.write("v1/samples", fields, "annotator");
    labelling.save();
    this.showLabels();
    say(stored.new ? `Saved as a sample: ${count(stored.lines, "line")}.` : "It was saved like this before.");
    this.saved();
  }

  // Keys count in the answer and where nothing has the focus; from elsewhere in the view j and k lead into the lines.
  press(event) {
    const { target } = event;
    const elsewhere = !answer.contains(target) && target !== document.body;
    if (!this.labelling || find("#page").hidden || target.closest("input, textarea, select, dialog, header, footer")) {
      return;
    }
    // In alphabets that have no such letter the place of the key counts.
    const name = /^[ -~]+$/.test(event.key) ? event.key : event.code.replace("Key", "");
    const key = name.length === 1 ? name.toLowerCase() : name;
    if (event.ctrlKey || event.metaKey || event.altKey || (elsewhere && !["j", "k"].includes(key))) {
      return;
    }
    const act = this.actOf(key, event.shiftKey, target.closest("#lines") !== null);
    if (act !== null) {
      event.preventDefault();
      act();
    }
  }

  actOf(key, shift, listed) {
    const by = { j: 1, k: -1, ...(listed && { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }) }[key];
    if (by !== undefined) {
      return () => this.lines.step(by, shift);
    }
    if (key === "u") {
      return () => this.undo();
    }
    if (key === "Escape") {
      return () => this.lines.release();
    }
    const label = this.labels.of(key);
    return label === null ? null : () => this.give(label);
  }

  filter() {
    this.lines.filter((index) => this.unsure.takes(index));
    this.lines.list.scrollIntoView({ block: "nearest" });
    this.showChosen();
  }

  showLabels() {
    this.labels.show(this.labelling.counts);
    this.article.show(this.labelling);
    undo.setAttribute("aria-disabled", this.labelling.past.length === 0);
    find("#save").classList.toggle("waiting", this.labelling.unsaved > 0);
  }

  showChosen() {
    extend.setAttribute("aria-pressed", this.lines.extending);
    answer.classList.toggle("choosing", this.lines.chosen.length > 0);
  }

  showPart(part) {
    columns.dataset.shown = part;
    for (const name of ["lines", "article"]) {
      find(`#show-${name}`).setAttribute("aria-pressed", name === part);
    }
  }
}
