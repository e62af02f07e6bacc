// The filter to the lines the model is unsure of: whether it is on, and below which score.

const toggle = document.querySelector("#unsure");
const threshold = document.querySelector("#threshold");
const value = document.querySelector("#threshold-value");

export class Unsure {
  // `changed` is called when other lines are to be shown.
  constructor(changed) {
    this.lines = [];
    toggle.addEventListener("click", () => {
      this.turn(!this.on);
      changed();
    });
    threshold.addEventListener("input", () => {
      this.count();
      if (this.on) {
        changed();
      }
    });
  }

  get on() {
    return toggle.getAttribute("aria-pressed") === "true";
  }

  // By what the model said, so that a line stays in sight when it is corrected.
  isUnsure(line) {
    return line.score < threshold.value / 100;
  }

  takes(index) {
    return !this.on || this.isUnsure(this.lines[index]);
  }

  show(labelling) {
    this.lines = labelling.lines;
    this.turn(false);
    this.count();
  }

  turn(on) {
    toggle.setAttribute("aria-pressed", on);
  }

  count() {
    threshold.ariaValueText = value.textContent = `${threshold.value} %`;
    toggle.querySelector(".count").textContent = this.lines.filter((line) => this.isUnsure(line)).length;
  }
}
