// Puts the views together: a page and its lines, the samples made of such pages, and what is learned from them.

import { Samples } from "./samples.js";
import { statusOf } from "./status.js";
import { Training } from "./training.js";
import { Versions } from "./versions.js";
import { Workbench } from "./workbench.js";

const VIEWS = ["page", "samples", "training"];

const versions = new Versions();
const training = new Training(versions);
const workbench = new Workbench(() => samples.load().catch(statusOf("samples").sayError));
const samples = new Samples(
  async (sample) => {
    location.hash = "#page";
    show("page");
    await workbench.open(sample);
  },
  (total) => training.tellSamples(total),
);

versions.follow((version) => workbench.tellAnswering(version));
window.addEventListener("hashchange", () => enter());
enter();

workbench.source.openExample().catch(statusOf("page").sayError);
refresh("samples");
refresh("training");

// Go to the view the address names, and start reading there.
function enter() {
  const name = location.hash.slice(1);
  const view = VIEWS.includes(name) ? name : VIEWS[0];
  if (show(view) && location.hash) {
    refresh(view);
    document.querySelector(`#${view}-heading`).focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }
}

// What others did meanwhile is to be seen too.
function refresh(view) {
  for (const part of { page: [], samples: [samples], training: [versions, training] }[view]) {
    part.load().catch(statusOf(view).sayError);
  }
}

// Whether it was not shown before.
function show(view) {
  const before = document.querySelector(`#${view}`).hidden;
  for (const name of VIEWS) {
    document.querySelector(`#${name}`).hidden = name !== view;
    document.querySelector(`a[href="#${name}"]`).ariaCurrent = name === view ? "page" : null;
  }
  return before;
}
