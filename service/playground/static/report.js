// A report as a table: each score of a candidate beside that of the version that was current.

import { element } from "./element.js";

// What scores are called; the others are told by the way to them.
const NAMES = {
  "new/accuracy": ["Right lines, your samples", "pages of them that were held out"],
  "frozen/word_f1": ["The article’s words, F1", "frozen test"],
  "frozen/macro_f1": ["The ten labels, macro-F1", "frozen test"],
};
const SMALLEST = 0.00005;

export function table(report) {
  const rows = scores(report);
  if (rows.length === 0) {
    return element("p", "hint", "It has no scores beside another version’s.");
  }
  const made = element("table", "report");
  made.append(element("caption", "hidden", "Scores of the new version and of the one that was current"));
  const head = made.createTHead().insertRow();
  for (const title of ["Score", "Current", "New", "Change"]) {
    const cell = element("th", "", title);
    cell.scope = "col";
    head.append(cell);
  }
  const body = made.createTBody();
  for (const row of rows) {
    body.append(tableRow(row));
  }
  return made;
}

// The scores, 0 to 1, that a report gives both sides or the candidate alone, those with a name first.
export function scores(report) {
  const candidate = leaves(report?.candidate);
  const current = leaves(report?.current);
  const others = [...candidate.keys()].filter((path) => !(path in NAMES));
  return [...Object.keys(NAMES), ...others]
    .filter((path) => candidate.has(path))
    .map((path) => ({ path, now: candidate.get(path), was: current.get(path) ?? null }));
}

function leaves(tree, path = "", found = new Map()) {
  for (const [name, value] of Object.entries(tree ?? {})) {
    const whole = path ? `${path}/${name}` : name;
    if (typeof value === "number" && value >= 0 && value <= 1) {
      found.set(whole, value);
    } else if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      leaves(value, whole, found);
    }
  }
  return found;
}

function tableRow({ path, was, now }) {
  const made = document.createElement("tr");
  const [name, where] = NAMES[path] ?? [path.replaceAll("/", ", ").replaceAll("_", " "), ""];
  const head = element("th", "", name);
  head.scope = "row";
  head.append(element("span", "hint", where));
  const change = was === null ? null : now - was;
  const better = change !== null && change > SMALLEST;
  const worse = change !== null && change < -SMALLEST;
  made.append(
    head,
    element("td", "", percent(was)),
    element("td", "", percent(now)),
    element("td", better ? "better" : worse ? "worse" : "", change === null ? "–" : signed(change, better, worse)),
  );
  return made;
}

function percent(value) {
  return value === null ? "–" : `${(value * 100).toFixed(2)} %`;
}

function signed(change, better, worse) {
  const points = Math.abs(change * 100).toFixed(2);
  return better ? `▲ ${points}` : worse ? `▼ ${points}` : "same";
}
