// The one sentence in each view that says how things stand; a screen reader speaks it when it changes.

export function statusOf(view) {
  const place = document.querySelector(`#${view} > .status`);

  function say(sentence, isError = false) {
    place.textContent = sentence;
    place.classList.toggle("error", isError);
  }

  function sayError(error) {
    say(error.message, true);
  }

  // What a click or a form does, with whatever goes wrong told of. Until it is done its button does nothing more; it
  // is not disabled, which would take the focus from it.
  function told(act) {
    return async (event) => {
      event.preventDefault();
      const pressed = event.submitter ?? event.currentTarget;
      if (pressed.ariaBusy === "true") {
        return;
      }
      pressed.ariaBusy = "true";
      try {
        await act(event);
      } catch (error) {
        sayError(error);
      } finally {
        pressed.ariaBusy = null;
      }
    };
  }

  return { say, sayError, told };
}
