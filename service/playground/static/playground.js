// Strips what is pasted and shows each line in its label's colour, beside the article the kept lines
// make. Text of a page is only ever inserted as text.

const form = document.querySelector("#form");
const source = document.querySelector("#source");
const type = document.querySelector("#type");
const button = document.querySelector("#strip");
const status = document.querySelector("#status");
const answer = document.querySelector("#answer");
const labels = document.querySelector("#labels");
const lines = document.querySelector("#lines");
const article = document.querySelector("#article");
const articleHint = document.querySelector("#article-hint");

let stripped = null;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  strip();
});

source.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    strip();
  }
});

document.querySelector("#example").addEventListener("click", async () => {
  try {
    const response = await fetch(form.dataset.example);
    source.value = await response.text();
  } catch {
    say("The example could not be loaded; is the service still running?", true);
    return;
  }
  type.value = "";
  await strip();
});

labels.addEventListener("change", () => showArticle());

async function strip() {
  button.disabled = true;
  say("Stripping …");
  const start = performance.now();
  try {
    // Without a type the service finds out itself; a blob keeps the browser from naming one.
    const body = new Blob([source.value], { type: type.value });
    const response = await fetch(form.dataset.strip, { method: "POST", body });
    const content = await response.json();
    if (!response.ok) {
      say(`${content.title}: ${content.detail}`, true);
      return;
    }
    stripped = content;
  } catch {
    say("No answer; is the service still running?", true);
    return;
  } finally {
    button.disabled = false;
  }
  const time = Math.round(performance.now() - start);
  const count = stripped.lines.length;
  say(`${count} ${count === 1 ? "line" : "lines"} in ${time} ms, by model ${stripped.model}.`);
  showLines();
  showArticle();
  answer.hidden = false;
}

function say(sentence, isError = false) {
  status.textContent = sentence;
  status.classList.toggle("error", isError);
}

function showLines() {
  const counts = new Map();
  lines.replaceChildren(
    ...stripped.lines.map((line) => {
      counts.set(line.label, (counts.get(line.label) ?? 0) + 1);
      const item = element("li", `label-${line.label}`);
      item.style.setProperty("--score", line.score);
      item.title = `${line.label}, ${Math.round(line.score * 100)} % sure`;
      const text = element("span", "text", line.text);
      text.dir = "auto";
      item.append(
        element("span", "name", line.label),
        text,
        element("span", "score", line.score.toFixed(2)),
      );
      return item;
    }),
  );
  for (const box of labels.querySelectorAll("input")) {
    box.parentElement.querySelector(".count").textContent = counts.get(box.value) ?? 0;
  }
}

function showArticle() {
  if (stripped === null) {
    return;
  }
  const boxes = [...labels.querySelectorAll("input:checked")];
  const keep = new Set(boxes.map((box) => box.value));
  const kept = stripped.lines.filter((line) => keep.has(line.label));
  [...lines.children].forEach((item, index) => {
    item.classList.toggle("kept", keep.has(stripped.lines[index].label));
  });
  const blocks = kept
    .filter((line) => line.label !== "title" || line.text.trim() !== stripped.title)
    .map((line) => block(line.label === "heading" || line.label === "title" ? "h4" : "p", line.text));
  if (stripped.title !== null) {
    blocks.unshift(block("h3", stripped.title));
  }
  article.replaceChildren(...blocks);
  const words = kept.map((line) => line.text).join("\n").match(/\S+/g) ?? [];
  articleHint.textContent = kept.length === 0
    ? "No line has a label that is kept."
    : `${kept.length} of ${stripped.lines.length} lines, ${words.length} words.`;
}

function block(name, text) {
  const made = element(name, "", text);
  made.dir = "auto";
  return made;
}

function element(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}
