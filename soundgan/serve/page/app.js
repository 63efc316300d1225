/** The page: its views, and the model that they show. */

import "/page/pads.js";
import "/page/kept.js";
import "/page/map.js";
import "/page/training.js";
import "/page/pictures.js";
import { readKept } from "/page/kept-store.js";
import { moved, opened } from "/page/place.js";
import { stop } from "/page/player.js";
import { choose, make, readModels, say, session, tell, trying } from "/page/session.js";

const tabs = [...document.querySelectorAll("[role=tab]")];
const select = document.getElementById("model");

function open(tab) {
  say("");
  for (const one of tabs) {
    const chosen = one === tab;
    const view = document.getElementById(one.getAttribute("aria-controls"));
    const was = !view.hidden;
    one.setAttribute("aria-selected", chosen);
    one.tabIndex = chosen ? 0 : -1;
    view.hidden = !chosen;
    if (chosen) view.firstElementChild.shown?.();
    else if (was) view.firstElementChild.left?.();
  }
  stop();
  moved(tab.getAttribute("aria-controls"));
}

tabs.forEach((tab, i) => {
  tab.addEventListener("click", () => open(tab));
  tab.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const next = tabs[(i + by + tabs.length) % tabs.length];
    next.focus();
    open(next);
  });
});

session.addEventListener("models", () => {
  select.replaceChildren(...session.models.map(({ hash, name }) => make("option", { value: hash }, name)));
  if (session.model) select.value = session.model.hash;
});
select.addEventListener("change", () => choose(session.models.find((m) => m.hash === select.value)));

/** Begin, also where the service comes later than the page. */
async function begin() {
  try {
    await readModels(session.model ?? { hash: opened.model });
    await readKept();
    tell(null);
    if (!session.model) tell(new Error("no model is here yet; the view Training makes one"));
  } catch (error) {
    tell(error);
    if (error.status === 0) setTimeout(begin, 2000);
  }
}

await begin();
const first = tabs.find((tab) => tab.getAttribute("aria-controls") === opened.view);
if (first) open(first);
addEventListener("focus", () => trying(readKept));
