"use strict";
/* Counterprompt, the start: listens to the page and ties model and view together. */
(function () {
  const { model, view } = counterprompt;
  const SETTLING_MS = 60; // gradio needs a moment to notice a field that was written
  let lastLook = 0;
  let startedAt = -Infinity;
  let lastWritten = 0;
  let answered = null;
  let watched = null;
  let earlier = null;
  const dynamic = { txt2img: { before: "", asked: "" }, img2img: { before: "", asked: "" } };

  function movedChips() {
    return Array.from(view.find("counterprompt_sides").querySelectorAll(".cp-moved")).map((chip) => Number(chip.dataset.cpChip));
  }

  function send(field, text, button) {
    if (view.write(field, text)) setTimeout(() => view.click(button), SETTLING_MS);
  }

  /** Say *word* to the button *id*. */
  function say(word, id) {
    send("counterprompt_word", word, id);
  }

  function onChip(chip) {
    const moved = model.toggled(movedChips(), Number(chip.dataset.cpChip));
    const home = chip.dataset.cpHome || chip.closest("[data-cp-side]").dataset.cpSide;
    chip.dataset.cpHome = home;
    view.moveChip(chip, model.sideOf(home, moved.includes(Number(chip.dataset.cpChip))));
    say(JSON.stringify(moved), "counterprompt_apply_moves");
  }

  function onAnswer(button) {
    const key = button.closest("[data-cp-question]").dataset.cpQuestion;
    answered = key;
    say(JSON.stringify({ key, answer: button.dataset.cpAnswer }), "counterprompt_take_answer");
  }

  /** While a question has the focus, a digit or the first letter of a word answers it. */
  function onKey(event) {
    const asked = event.target.closest && event.target.closest("[data-cp-question]");
    const answer = asked && !event.repeat && !event.ctrlKey && !event.metaKey && !event.altKey && model.answerOfKey(event.key);
    const button = answer && asked.querySelector(`[data-cp-answer="${answer}"]`);
    if (button) onAnswer(button);
  }

  /** The next question takes the focus from the one that was answered, so that nobody has to look for it: unless they type elsewhere. */
  function watchQuestion() {
    const asked = view.root().querySelector("[data-cp-question]");
    if (!answered || !asked || asked.dataset.cpQuestion === answered) return;
    answered = null;
    if (view.isFocusFree()) asked.querySelector("button").focus({ preventScroll: true });
  }

  /** The hidden field holds what is set in the fold of judging otherwise than usual. */
  function onJudging() {
    const told = model.judgingText(view.judgingFields());
    view.markJudging(told !== "");
    view.write("counterprompt_judging", told);
  }

  function onUsual() {
    view.resetJudging();
    onJudging();
  }

  const CLICKS = [
    ["[data-cp-answer]", (each, event) => event.detail < 2 && onAnswer(each)], // a double click is one answer
    ["[data-cp-chip]", onChip],
    ["[data-cp-send]", (each) => say(each.dataset.cpSend, "counterprompt_send")],
    ["[data-cp-study]", (each) => send("counterprompt_study", each.dataset.cpStudy, "counterprompt_look")],
    ["[data-cp-step]", (each) => view.showStep(Number(each.dataset.cpStep))],
    ["[data-cp-usual]", onUsual],
    ["#counterprompt_from_gallery", () => {
      say(String(view.galleryPlace()), "counterprompt_take_gallery");
      view.showTab("counterprompt");
    }],
    ["#counterprompt_start", () => { startedAt = Date.now(); }],
    ["#counterprompt_from_pnginfo", () => view.showTab("counterprompt")],
  ];

  function onClick(event) {
    for (const [selector, act] of CLICKS) {
      const found = event.target.closest && event.target.closest(selector);
      if (found) return act(found, event);
    }
    return undefined;
  }

  /** A weight was changed in the line of a LoRA: the hidden field holds what all lines say. So with judging. */
  function onInput(event) {
    if (!event.target.closest) return;
    if (event.target.closest("[data-cp-judged]")) onJudging();
    const line = event.target.closest("[data-cp-lora]");
    if (!line) return;
    view.showLora(line);
    view.write("counterprompt_lora_ranges", JSON.stringify(view.loraRows()));
  }

  /** After a write-back: token counters are stale, and the user may want to see txt2img. */
  function watchWriting() {
    const marks = Array.from(view.root().querySelectorAll("[data-cp-written]"));
    const newest = model.newWriting(marks.map((each) => Number(each.dataset.cpWritten)), lastWritten);
    if (!newest) return;
    lastWritten = newest;
    const mark = marks.find((each) => Number(each.dataset.cpWritten) === newest);
    setTimeout(view.recount, SETTLING_MS);
    if (mark.dataset.cpShow === "1") view.showTab("txt2img");
  }

  /** Say aloud what the study does now, and that it asks; not every picture. */
  function watchNews() {
    if (!view.isSeen("counterprompt_page")) return;
    view.nameFields();
    const asked = view.root().querySelector("#counterprompt-choice");
    const progress = view.root().querySelector("#counterprompt_running [data-cp-told]");
    view.tell(asked ? asked.textContent : (progress && progress.dataset.cpTold) || "");
  }

  /** Look at the studies, at a comparison and at what is measured: often while one of them goes on. */
  function watchWork() {
    const shown = ["counterprompt_running", "counterprompt_estimate", "counterprompt_comparison"].map(view.find);
    const isBusy = model.isAwaited(Date.now(), startedAt) || shown.some((each) => each && each.querySelector("[data-cp-busy='1']"));
    if (!model.isDue(Date.now(), lastLook, isBusy, view.isSeen("counterprompt_page"))) return;
    lastLook = Date.now();
    view.click("counterprompt_look");
  }

  /** The fold of earlier studies stays open while a running study replaces the page around it. */
  function keepEarlier() {
    const now = watched.querySelector("details.cp-earlier");
    if (now === earlier) return;
    if (now && earlier && earlier.open) now.open = true;
    earlier = now;
  }

  function watchEarlier() {
    const place = view.find("counterprompt_running");
    if (!place || place === watched) return;
    watched = place;
    new MutationObserver(keepEarlier).observe(place, { childList: true, subtree: true });
    keepEarlier();
  }

  /** The accordion's preview follows whatever is changed on the page; opened, it also knows the newest recipes. */
  function watchDynamic() {
    for (const page of ["txt2img", "img2img"]) {
      const now = view.dynamicState(page);
      const { before, asked } = dynamic[page];
      if (model.isSettled(now, before, asked)) {
        dynamic[page].asked = now;
        if (now) view.click(`counterprompt_dynamic_${page}_${asked ? "look" : "refresh"}`);
      }
      dynamic[page].before = now;
    }
  }

  function start() {
    view.root().addEventListener("click", onClick);
    view.root().addEventListener("input", onInput);
    view.root().addEventListener("keydown", onKey);
    setInterval(watchWriting, 250);
    setInterval(watchQuestion, 250);
    setInterval(watchNews, 1000);
    setInterval(watchEarlier, 1000);
    setInterval(watchWork, 500);
    setInterval(watchDynamic, 400);
  }

  counterprompt.start = start;
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
