// The list of lines: a cursor that keys and clicks move, a range that shift extends, and each line in its colour.

import { element } from "./element.js";

const percent = (score) => Math.round(score * 100);

export class Lines {
  constructor(list, moved) {
    this.list = list;
    this.moved = moved;
    this.options = [];
    this.shown = [];
    this.extending = false;
    list.addEventListener("click", (event) => this.click(event));
    list.addEventListener("mousedown", (event) => event.shiftKey && event.preventDefault());
    // Reached with the tab key, the list has its first line chosen.
    list.addEventListener("focusin", (event) => {
      if (this.cursor === null) {
        this.choose(this.options.indexOf(event.target), false);
      }
    });
  }

  show(labelling) {
    this.labelling = labelling;
    this.cursor = this.anchor = null;
    this.options = labelling.lines.map((line, index) => this.option(line, index));
    this.list.replaceChildren(...this.options);
    this.refresh();
    this.filter(() => true);
  }

  option(line, index) {
    const made = element("div");
    made.setAttribute("role", "option");
    made.id = `line-${index}`;
    const text = element("span", "text", line.text);
    text.dir = "auto";
    made.append(element("span", "name"), text, element("span", "was"), element("span", "score"));
    return made;
  }

  // Show lines as they are labelled now, by default all.
  refresh(indices = this.options.keys()) {
    for (const index of indices) {
      const option = this.options[index];
      const line = this.labelling.lines[index];
      const label = this.labelling.labels[index];
      const was = this.labelling.was(index);
      const corrected = was?.corrected ?? false;
      option.className = `label-${label}${corrected ? " corrected" : ""}${was ? " changed" : ""}`;
      option.style.setProperty("--score", corrected ? 1 : line.score);
      const [name, , before, score] = option.children;
      name.textContent = label;
      before.textContent = was ? `was ${was.label}` : "";
      score.textContent = corrected ? "by you" : `${percent(line.score)} %`;
    }
    this.mark();
  }

  // Show only the lines that `wanted` takes, and how many are left out before each.
  filter(wanted) {
    this.shown = [];
    let skipped = 0;
    for (const [index, option] of this.options.entries()) {
      option.hidden = !wanted(index);
      if (option.hidden) {
        skipped += 1;
        continue;
      }
      if (skipped > 0) {
        option.dataset.skipped = `${skipped} surer`;
      } else {
        delete option.dataset.skipped;
      }
      this.shown.push(index);
      skipped = 0;
    }
    if (!this.shown.includes(this.cursor)) {
      this.cursor = this.anchor = null;
    } else if (!this.shown.includes(this.anchor)) {
      this.anchor = this.cursor;
    }
    this.mark();
  }

  // The lines a label would go to.
  get chosen() {
    if (this.cursor === null) {
      return [];
    }
    const [low, high] = [this.cursor, this.anchor].sort((a, b) => a - b);
    return this.shown.filter((index) => low <= index && index <= high);
  }

  choose(index, extend) {
    this.anchor = extend && this.anchor !== null ? this.anchor : index;
    this.cursor = index;
    this.mark();
    this.moved();
  }

  // Move by so many shown lines.
  step(by, extend) {
    if (this.shown.length === 0) {
      return;
    }
    const at = this.shown.indexOf(this.cursor);
    const to = at < 0 ? 0 : Math.min(this.shown.length - 1, Math.max(0, at + by));
    this.choose(this.shown[to], extend);
    this.focus();
  }

  release() {
    this.anchor = this.cursor;
    this.extending = false;
    this.mark();
    this.moved();
  }

  focus() {
    this.options[this.cursor ?? this.shown[0]]?.focus();
  }

  click(event) {
    const index = this.options.indexOf(event.target.closest("[role=option]"));
    if (index < 0) {
      return;
    }
    this.choose(index, event.shiftKey || this.extending);
    this.extending = false;
    this.moved();
    this.focus();
  }

  mark() {
    const chosen = new Set(this.chosen);
    const entry = this.cursor ?? this.shown[0];
    for (const [index, option] of this.options.entries()) {
      option.setAttribute("aria-selected", chosen.has(index));
      option.tabIndex = index === entry ? 0 : -1;
    }
  }
}
