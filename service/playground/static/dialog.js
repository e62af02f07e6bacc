// Opens a dialog: true when its form was sent, false when it was closed in another way.

for (const cancel of document.querySelectorAll("dialog [data-close]")) {
  cancel.addEventListener("click", () => cancel.closest("dialog").close());
}

export function opened(dialog) {
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "ok"), { once: true });
  });
}
