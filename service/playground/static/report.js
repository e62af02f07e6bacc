// A report as tables: each score of a candidate beside that of the version that was current.

import { element } from "./element.js";

// What scores are called; the others are told by the way to them.
const NAMES = {
  "new/accuracy": ["Right lines, your samples", "pages of them that were held out"],
  "new/kappa": ["Agreement beyond chance, kappa", "the same pages"],
  "frozen/word_f1": ["The article’s words, F1", "frozen test"],
  "frozen/macro_f1": ["The ten labels, macro-F1", "frozen test"],
};
// Less is not told, and up to the other it is what the gate lets pass.
const SMALLEST = 0.00005;
const NOTABLE = 0.003;

// Those with a name, and the others where somebody wants to see them.
export function shown(report) {
  const rows = scores(report);
  const named = rows.filter(({ path }) => path in NAMES);
  const others = rows.filter(({ path }) => !(path in NAMES));
  const made = named.length > 0 ? [table(named)] : [];
  if (others.length > 0) {
    const details = element("details");
    details.append(element("summary", "", "Other scores"), table(others));
    made.push(details);
  }
  return made;
}

function table(rows) {
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

// The scores, -1 to 1, that a report gives both sides or the candidate alone, those with a name first.
function scores(report) {
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
    if (typeof value === "number" && value >= -1 && value <= 1) {
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
  const notable = Math.abs(change ?? 0) < NOTABLE ? "" : change > 0 ? "better" : "worse";
  made.append(
    head,
    element("td", "", percent(was)),
    element("td", "", percent(now)),
    element("td", notable, change === null ? "–" : signed(change)),
  );
  return made;
}

function percent(value) {
  return value === null ? "–" : `${(value * 100).toFixed(2).replace("-", "−")} %`;
}

function signed(change) {
  const points = Math.abs(change * 100).toFixed(2);
  return Math.abs(change) < SMALLEST ? "same" : `${change > 0 ? "▲ +" : "▼ −"}${points}`;
}
