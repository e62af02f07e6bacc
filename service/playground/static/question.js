// A question with a yes and a no, asked before what can't be undone.

import { opened } from "./dialog.js";

const dialog = document.querySelector("#question");

export async function confirmed(question, yes) {
  dialog.querySelector("#question-text").textContent = question;
  dialog.querySelector("[type=submit]").textContent = yes;
  return opened(dialog);
}
