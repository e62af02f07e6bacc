// The bar of labels: a button and a key for each, with how many lines have it.

const buttons = [...document.querySelectorAll("#labels button")];

export class Labels {
  // `give` is called with the label that was pressed.
  constructor(give) {
    for (const button of buttons) {
      button.addEventListener("click", () => give(button.dataset.label));
    }
    // One stop for the tab key; the arrows go on from there, as in every toolbar.
    buttons.forEach((button, index) => (button.tabIndex = index === 0 ? 0 : -1));
    document.querySelector("#labels").addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const at = buttons.indexOf(event.target);
      if (by && at >= 0) {
        event.preventDefault();
        event.target.tabIndex = -1;
        const to = buttons.at((at + by) % buttons.length);
        to.tabIndex = 0;
        to.focus();
      }
    });
  }

  // The label of a key, null where it is none.
  of(key) {
    return buttons.find((button) => button.dataset.key === key)?.dataset.label ?? null;
  }

  show(counts) {
    for (const button of buttons) {
      button.querySelector(".count").textContent = counts.get(button.dataset.label) ?? 0;
    }
  }
}
