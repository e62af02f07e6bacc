// The one sentence in each view that says how things stand; a screen reader speaks it when it changes.

export function say(sentence, isError = false) {
  const place = document.querySelector("main > section:not([hidden]) > .status");
  place.textContent = sentence;
  place.classList.toggle("error", isError);
}

export function sayError(error) {
  say(error.message, true);
}

// What a click does, with whatever goes wrong told of; its button is off meanwhile.
export function told(act) {
  return async (event) => {
    event.preventDefault();
    const pressed = event.submitter ?? (event.currentTarget.matches("button") ? event.currentTarget : null);
    if (pressed) {
      pressed.disabled = true;
    }
    try {
      await act(event);
    } catch (error) {
      sayError(error);
    } finally {
      if (pressed) {
        pressed.disabled = false;
      }
    }
  };
}
