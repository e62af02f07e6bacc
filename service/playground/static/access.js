// The token this service asks for, and the name of the one who writes; kept until the tab is closed.

import { opened } from "./dialog.js";

const dialog = document.querySelector("#access");
const why = dialog.querySelector("#access-why");
const token = dialog.querySelector("#token");
const who = dialog.querySelector("#who");
const usual = why.textContent;

token.value = sessionStorage.getItem("token") ?? "";
who.value = sessionStorage.getItem("who") ?? "";

document.querySelector("#access-open").addEventListener("click", () => demand(usual));

export function headers() {
  const known = sessionStorage.getItem("token");
  return known ? { Authorization: `Bearer ${known}` } : {};
}

export function name() {
  return sessionStorage.getItem("who") ?? "";
}

// Whether a token was given.
export async function demand(reason) {
  why.textContent = reason;
  token.value = sessionStorage.getItem("token") ?? "";
  if (!(await opened(dialog))) {
    return false;
  }
  sessionStorage.setItem("token", token.value.trim());
  sessionStorage.setItem("who", who.value.trim());
  return token.value.trim() !== "";
}
