// The page to strip: pasted, opened or dropped as a file, or the built-in example.

import { decode } from "./charset.js";
import { statusOf } from "./status.js";

const { say, sayError, told } = statusOf("page");
const form = document.querySelector("#form");
const text = document.querySelector("#source");
const type = document.querySelector("#type");
const file = document.querySelector("#file");
const button = document.querySelector("#strip");

export class Source {
  // `strip` is called when the page is to be stripped.
  constructor(strip) {
    this.strip = strip;
    this.chosen = false;
    type.addEventListener("change", () => (this.chosen = true));
    // What the page before was read as says nothing of the one that is pasted over it.
    text.addEventListener("input", () => {
      if (!this.chosen) {
        type.value = "";
      }
    });
    form.addEventListener("submit", told(() => strip()));
    text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        form.requestSubmit(button);
      }
    });
    file.addEventListener("change", () => this.open(file.files[0]));
    document.querySelector("#example").addEventListener("click", told(() => this.openExample()));
    document.querySelector("#clear").addEventListener("click", () => {
      this.set("", "");
      text.focus();
    });
    this.takeDrops();
  }

  // Without what no page holds: a byte-order mark, halves of surrogate pairs.
  get text() {
    return text.value.replace(/^\ufeff/, "").replace(/\p{Surrogate}/gu, "\ufffd");
  }

  get kind() {
    return type.value;
  }

  set(content, kind) {
    text.value = content;
    text.scrollTop = 0;
    type.value = kind;
    this.chosen = false;
  }

  async openExample() {
    const response = await fetch(form.dataset.example).catch(() => null);
    if (!response?.ok) {
      throw new Error("The example could not be loaded; is the service still running?");
    }
    this.set(await response.text(), "text");
    await this.strip();
  }

  async open(opened) {
    if (!opened) {
      return;
    }
    try {
      const content = decode(new Uint8Array(await opened.arrayBuffer()));
      this.set(content, /\.x?html?$/i.test(opened.name) ? "html" : /\.txt$/i.test(opened.name) ? "text" : "");
      await this.strip();
    } catch (error) {
      sayError(error);
    }
    file.value = "";
  }

  // A file may be let go anywhere on the page.
  takeDrops() {
    const root = document.documentElement;
    let depth = 0;
    const hasFile = (event) => event.dataTransfer?.types.includes("Files");
    const mark = (change) => {
      depth = Math.max(0, depth + change);
      root.classList.toggle("dropping", depth > 0);
    };
    root.addEventListener("dragenter", (event) => hasFile(event) && mark(1));
    root.addEventListener("dragleave", (event) => hasFile(event) && mark(-1));
    root.addEventListener("dragover", (event) => hasFile(event) && event.preventDefault());
    root.addEventListener("drop", (event) => {
      if (!hasFile(event)) {
        return;
      }
      event.preventDefault();
      mark(-depth);
      if (event.dataTransfer.files.length > 1) {
        say("One file at a time, please.", true);
        return;
      }
      location.hash = "#page";
      this.open(event.dataTransfer.files[0]);
    });
  }
}
