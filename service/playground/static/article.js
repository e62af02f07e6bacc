// The article that the kept lines make, and which labels are kept.

import { count, element } from "./element.js";

const place = document.querySelector("#article");
const hint = document.querySelector("#article-hint");
const keep = document.querySelector("#keep");
const copy = document.querySelector("#copy");

export class Article {
  constructor() {
    this.labelling = null;
    keep.addEventListener("change", () => this.show());
    // Without a secure context there is no clipboard.
    copy.hidden = !navigator.clipboard;
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(this.kept.map((index) => this.labelling.lines[index].text).join("\n"));
      copy.textContent = "Copied";
      setTimeout(() => (copy.textContent = "Copy"), 2000);
    });
  }

  get labels() {
    return new Set([...keep.querySelectorAll("input:checked")].map((box) => box.value));
  }

  get kept() {
    const labels = this.labels;
    return [...this.labelling.lines.keys()].filter((index) => labels.has(this.labelling.labels[index]));
  }

  // The likeliest title line, a person's word being the likeliest; null where none is one.
  get title() {
    const { labels, lines } = this.labelling;
    const score = (index) => (lines[index].label === "title" ? lines[index].score : 1);
    const titles = [...lines.keys()].filter((index) => labels[index] === "title");
    return titles.length ? titles.reduce((best, index) => (score(index) > score(best) ? index : best)) : null;
  }

  show(labelling = this.labelling) {
    this.labelling = labelling;
    if (labelling === null) {
      return;
    }
    const { labels, lines } = labelling;
    const title = this.title === null ? null : lines[this.title].text.trim();
    const kept = this.kept;
    const blocks = kept
      .filter((index) => labels[index] !== "title" || lines[index].text.trim() !== title)
      .map((index) => block(["heading", "title"].includes(labels[index]) ? "h5" : "p", lines[index].text));
    if (title !== null) {
      blocks.unshift(block("h4", title));
    }
    place.replaceChildren(...blocks);
    const words = kept.map((index) => lines[index].text).join("\n").match(/\S+/g) ?? [];
    hint.textContent =
      kept.length === 0
        ? "No line has a label that is kept."
        : `${kept.length} of ${count(labelling.length, "line")}, ${count(words.length, "word")}.`;
  }
}

function block(name, text) {
  const made = element(name, "", text);
  made.dir = "auto";
  return made;
}
