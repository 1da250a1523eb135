"use strict";
/* Counterprompt, the model: what the page knows, without a page. Tested with node. */
var counterprompt = globalThis.counterprompt || {};

counterprompt.model = (function () {
  /** Seconds between two looks at a study that runs, and at one that does not. */
  const PACE = { busy: 2, idle: 15 };

  /** Return *moved* (numbers of chips on the other side than where they began) after chip *number* was clicked. */
  function toggled(moved, number) {
    return moved.includes(number) ? moved.filter((each) => each !== number) : [...moved, number];
  }

  /** Return the side on which a chip stands that began on *home*. */
  function sideOf(home, isMoved) {
    if (!isMoved) return home;
    return home === "asked" ? "left" : "asked";
  }

  /** Whether it is time to look at the study again: the tab must be seen, and the last look be long enough ago. */
  function isDue(now, lastLook, isBusy, isSeen) {
    return isSeen && now - lastLook >= 1000 * (isBusy ? PACE.busy : PACE.idle);
  }

  /** Whether a study that was just ordered may appear at any moment: it is looked for as often as a running one. */
  function isAwaited(now, startedAt) {
    return now - startedAt < 1000 * PACE.idle;
  }

  /** Return the answer that *key* stands for below a question, undefined for none. */
  function answerOfKey(key) {
    return { 1: "1", 2: "2", 3: "3", 4: "4", n: "none", s: "skip" }[key.toLowerCase()];
  }

  /** Return the place of the tab *id* among the ids of the page's tabs in order, -1 where it is not there. */
  function tabPlace(ids, id) {
    return ids.indexOf(id);
  }

  /**
   * Whether the server is to be asked, now that a page of controls reads *now*: it was *before* at the last glance and
   * *asked* when the server was asked last. Only what has come to rest is asked for, not every key.
   */
  function isSettled(now, before, asked) {
    return now !== asked && now === before;
  }

  /** Return the greatest of *marks*, the numbers of write-backs that the page tells of, 0 where none came after *last*. */
  function newWriting(marks, last) {
    const newest = Math.max(0, ...marks);
    return newest > last ? newest : 0;
  }

  /**
   * Return what a field that gradio named *name*, such as "range slider for Seeds", is called in the host's language by
   * its *table*; undefined where that knows no such label. Hosts translate what is seen, not such names.
   */
  function translatedName(name, table) {
    return table[name.replace(/^(number input|range slider) for /, "")];
  }

  /**
   * Return what of *fields* is set otherwise than usual, as a study's body says it ("weights.noise" is "noise" of the
   * object "weights"); "" where nothing is. An emptied number is the usual one.
   */
  function judgingText(fields) {
    const body = {};
    for (const { place, value, usual } of fields) {
      const isNumber = typeof value === "string" && Number.isFinite(Number(value));
      if (value === "" || value === usual || (isNumber && usual !== "" && Number(value) === Number(usual))) continue;
      const [group, name] = place.split(".");
      const told = isNumber ? Number(value) : value;
      if (name) body[group] = { ...body[group], [name]: told };
      else body[group] = told;
    }
    return Object.keys(body).length ? JSON.stringify(body) : "";
  }

  return { PACE, toggled, sideOf, isDue, isAwaited, answerOfKey, tabPlace, isSettled, newWriting, translatedName, judgingText };
})();

if (typeof module !== "undefined") module.exports = counterprompt;
