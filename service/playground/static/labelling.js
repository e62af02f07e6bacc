// The labels of one page as they stand: what the model said, what a person made of it, and the way back.

export class Labelling {
  constructor(source, answer) {
    this.source = source;
    this.answer = answer;
    this.lines = answer.lines;
    this.labels = this.said;
    this.saved = this.labels;
    this.before = null;
    this.past = [];
  }

  get said() {
    return this.lines.map((line) => line.label);
  }

  get length() {
    return this.lines.length;
  }

  // How many lines have another label than the model gave them.
  get corrected() {
    return this.labels.filter((label, index) => label !== this.lines[index].label).length;
  }

  get unsaved() {
    return this.labels.filter((label, index) => label !== this.saved[index]).length;
  }

  get counts() {
    const found = new Map();
    for (const label of this.labels) {
      found.set(label, (found.get(label) ?? 0) + 1);
    }
    return found;
  }

  // Give lines a label; how many of them had another.
  give(indices, label) {
    const changed = indices.filter((index) => this.labels[index] !== label);
    if (changed.length > 0) {
      this.past.push(changed.map((index) => [index, this.labels[index]]));
      this.labels = [...this.labels];
      for (const index of changed) {
        this.labels[index] = label;
      }
    }
    return changed.length;
  }

  // Take the last change back; the lines it was made to.
  undo() {
    const changes = this.past.pop() ?? [];
    this.labels = [...this.labels];
    for (const [index, label] of changes) {
      this.labels[index] = label;
    }
    return changes.map(([index]) => index);
  }

  // Start from labels that are saved already; false when they belong to other lines.
  resume(lines) {
    const same = lines.length === this.length && lines.every((line, i) => line.text.trim() === this.lines[i].text.trim());
    if (same) {
      this.labels = lines.map((line) => line.label);
      this.saved = this.labels;
    }
    return same;
  }

  // Hold this against the labels the same page had before; how many lines differ, null when it is another page.
  compare(other) {
    const same = other !== null && other.source.text === this.source.text && other.length === this.length;
    this.before = same ? other.labels : null;
    return same ? this.labels.filter((label, index) => label !== this.before[index]).length : null;
  }

  // What the label of a line was elsewhere, and where; null where that is the same.
  was(index) {
    const label = this.labels[index];
    const said = this.lines[index].label;
    if (label !== said) {
      return { label: said, corrected: true };
    }
    const before = this.before?.[index] ?? label;
    return before === label ? null : { label: before, corrected: false };
  }

  save() {
    this.saved = this.labels;
  }

  asSample() {
    return {
      [this.source.kind]: this.source.text,
      lines: this.lines.map((line, index) => ({ text: line.text, label: this.labels[index] })),
    };
  }
}
