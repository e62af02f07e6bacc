// Makes an element of a name, a class and a text. Text of a page is inserted by this, and only ever as text.

export function element(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className) {
    made.className = className;
  }
  made.textContent = text;
  return made;
}

export function button(text, act, described = "") {
  const made = element("button", "", text);
  made.type = "button";
  if (described) {
    made.setAttribute("aria-label", `${text}: ${described}`);
  }
  made.addEventListener("click", act);
  return made;
}

export function count(number, one, many = `${one}s`) {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}

export function moment(written) {
  const options = { dateStyle: "medium", timeStyle: "short" };
  return written === null ? "" : new Intl.DateTimeFormat(undefined, options).format(new Date(written));
}
