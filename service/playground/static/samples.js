// The view of the samples: open one, delete one; and of the pages to label next.

import { button, count, element, moment } from "./element.js";
import { confirmed } from "./question.js";
import * as service from "./service.js";
import { statusOf } from "./status.js";

const { say, told } = statusOf("samples");
const find = (selector) => document.querySelector(selector);
const list = find("#sample-list");
const more = find("#samples-more");

export class Samples {
  // `open` is called with a sample or a page to be shown; `counted` with how many samples there are.
  constructor(open, counted) {
    this.open = open;
    this.counted = counted;
    more.addEventListener("click", told(() => this.add(this.next)));
  }

  async load() {
    const rows = await this.fetch("v1/samples");
    list.replaceChildren(...rows);
    const { pages } = await service.read("v1/samples/suggest");
    find("#suggested").hidden = pages.length === 0;
    find("#suggested-list").replaceChildren(...pages.map((page) => this.suggestion(page)));
  }

  async add(path) {
    const rows = await this.fetch(path);
    list.append(...rows);
    rows[0]?.querySelector("button").focus();
  }

  async fetch(path) {
    const { samples, total, next } = await service.read(path);
    this.next = next;
    more.hidden = next === null;
    find("#samples-none").hidden = total > 0;
    find("#sample-count").textContent = total;
    this.counted(total);
    return samples.map((sample) => this.row(sample));
  }

  row(sample) {
    const name = sample.title || sample.url || `Page ${sample.id.slice(0, 8)}`;
    const made = card(name, [
      sample.title && sample.host,
      sample.kind === "html" ? "HTML" : "bare text",
      count(sample.line_count, "line"),
      moment(sample.added),
      sample.annotator && `by ${sample.annotator}`,
    ]);
    made.append(
      bar(sample.labels, sample.line_count),
      buttons(
        button("Open", told(async () => this.open(await service.read(`v1/samples/${sample.id}`))), name),
        button("Delete", told(() => this.remove(sample.id, name, made)), name),
      ),
    );
    return made;
  }

  suggestion(page) {
    const name = page.url || `Page ${page.id.slice(0, 8)}`;
    const made = card(name, [`about ${Math.round(page.uncertainty * 100)} % of its lines may be wrong`]);
    const opened = { ...page, kind: page.html === undefined ? "text" : "html" };
    made.append(buttons(button("Open", told(() => this.open(opened)), name)));
    return made;
  }

  async remove(id, name, row) {
    if (!(await confirmed(`Delete the sample “${name}” with all its revisions?`, "Delete"))) {
      return;
    }
    await service.remove(`v1/samples/${id}`);
    const neighbour = row.nextElementSibling ?? row.previousElementSibling;
    await this.load();
    say("Deleted.");
    (neighbour ? find("#sample-list button") : find("#samples-heading"))?.focus();
  }
}

function card(name, facts) {
  const made = element("li", "card sample");
  const title = element("p", "title", name);
  title.dir = "auto";
  made.append(title, element("p", "hint", facts.filter(Boolean).join(" · ")));
  return made;
}

function buttons(...made) {
  const row = element("div", "actions");
  row.append(...made);
  return row;
}

// How many lines each label has, as a strip of their colours; in words for who can't see it.
function bar(labels, total) {
  const made = element("div", "strip");
  made.role = "img";
  made.ariaLabel = Object.entries(labels)
    .map(([label, lines]) => `${label} ${lines}`)
    .join(", ");
  made.title = made.ariaLabel;
  for (const [label, lines] of Object.entries(labels)) {
    const part = element("span", `label-${label}`);
    part.style.setProperty("flex-grow", lines / total);
    made.append(part);
  }
  return made;
}
