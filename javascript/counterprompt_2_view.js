"use strict";
/* Counterprompt, the view: reads and changes the page. Text from the server is never made into markup here. */
var counterprompt = globalThis.counterprompt || {};

counterprompt.view = (function () {
  /** The document or shadow root that gradio draws into. */
  function root() {
    const apps = document.getElementsByTagName("gradio-app");
    return (apps.length && apps[0].shadowRoot) || document;
  }

  function find(id) {
    const elem = root() === document ? document.getElementById(id) : root().getElementById(id);
    return elem || document.getElementById(id);
  }

  /** Whether the element with *id* is on the page that the user looks at. */
  function isSeen(id) {
    const elem = find(id);
    return Boolean(elem && elem.offsetParent !== null && !document.hidden);
  }

  /** Whether the focus is nowhere: what had it is gone, or nothing had it. */
  function isFocusFree() {
    const focused = root().activeElement;
    return !focused || focused.tagName === "BODY";
  }

  /** Put *text* into one of our hidden fields, so that gradio notices. */
  function write(id, text) {
    const field = find(id) && find(id).querySelector("textarea, input");
    if (!field) return false;
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    return true;
  }

  /** What is set in the lines of the LoRAs, as the server reads it; an empty number is none. */
  function loraRows() {
    const number = (line, end) => {
      const text = line.querySelector(`[data-cp-${end}]`).value;
      return text === "" ? null : Number(text);
    };
    return Array.from(find("counterprompt_loras").querySelectorAll("[data-cp-lora]")).map((line) => ({
      name: line.dataset.cpLora,
      varies: line.querySelector("[data-cp-varies]").checked,
      low: number(line, "low"),
      high: number(line, "high"),
    }));
  }

  /** A LoRA that is not varied needs no range. */
  function showLora(line) {
    const varies = line.querySelector("[data-cp-varies]").checked;
    line.querySelectorAll("[data-cp-low], [data-cp-high]").forEach((each) => { each.disabled = !varies; });
  }

  function judged() {
    return Array.from(find("counterprompt_judging_fold").querySelectorAll("[data-cp-judged]"));
  }

  /** What is set in the fold of judging; a number that the browser cannot read is a question mark. */
  function judgingFields() {
    return judged().map((field) => {
      const isSwitch = field.type === "checkbox";
      const number = field.validity.badInput ? "?" : field.value;
      return {
        place: field.dataset.cpJudged,
        value: isSwitch ? field.checked : number,
        usual: isSwitch ? field.defaultChecked : field.defaultValue,
      };
    });
  }

  /** Set everything in the fold of judging as it is usual. */
  function resetJudging() {
    judged().forEach((field) => {
      field.value = field.defaultValue;
      field.checked = field.defaultChecked;
    });
  }

  /** Let the closed fold of judging tell that something in it is not as usual. */
  function markJudging(isUnusual) {
    find("counterprompt_judging_fold").querySelector("[data-cp-unusual]").hidden = !isUnusual;
  }

  /** Click the button of *id*, which gradio may have wrapped. */
  function click(id) {
    const elem = find(id);
    const button = elem && (elem.tagName === "BUTTON" ? elem : elem.querySelector("button"));
    if (button) button.click();
    return Boolean(button);
  }

  /** Move a chip to the list of its *side*, and keep the keyboard where it is. */
  function moveChip(chip, side) {
    const list = chip.closest(".cp-sides").querySelector(`[data-cp-side="${side}"]`);
    const item = chip.closest("li");
    if (!list || item.parentElement === list) return;
    list.append(item);
    chip.classList.toggle("cp-moved");
    chip.focus({ preventScroll: true });
  }

  /** Turn the page to the host's tab *name*, such as "txt2img" or our own. */
  function showTab(name) {
    const tab = find(`tab_${name}`);
    const named = find(`tab_${name}-button`);
    if (named) return named.click();
    const tabs = find("tabs");
    if (!tab || !tabs) return undefined;
    const ids = Array.from(tabs.children).filter((each) => each.id.startsWith("tab_")).map((each) => each.id);
    const buttons = tabs.querySelector(".tab-nav, [role=tablist]").querySelectorAll("button");
    const button = buttons[counterprompt.model.tabPlace(ids, tab.id)];
    if (button) button.click();
    return undefined;
  }

  /** Let the host count the tokens of txt2img's prompts anew. */
  function recount() {
    if (typeof globalThis.recalculate_prompts_txt2img === "function") return globalThis.recalculate_prompts_txt2img();
    click("txt2img_token_button");
    click("txt2img_negative_token_button");
    return undefined;
  }

  /** Let screen readers say *text*, once; the page around it is replaced too often to be read out. */
  function tell(text) {
    const place = find("counterprompt-told");
    if (place && place.textContent !== text) place.textContent = text;
  }

  /** gradio leaves some of its fields without a name of their own: they get that of the label beside them; others it names in English. */
  function nameFields() {
    find("counterprompt_page").querySelectorAll("input:not([aria-label]), textarea:not([aria-label])").forEach((field) => {
      if (field.labels && Array.from(field.labels).some((label) => label.textContent.trim())) return;
      const block = field.closest(".block, .form > *");
      const label = block && block.querySelector("label span, .label-wrap span, [data-testid=block-info], label");
      if (label && label.textContent.trim()) field.setAttribute("aria-label", label.textContent.trim());
    });
    find("counterprompt_page").querySelectorAll("input[aria-label], textarea[aria-label]").forEach((field) => {
      const said = counterprompt.model.translatedName(field.getAttribute("aria-label"), globalThis.localization || {});
      if (said) field.setAttribute("aria-label", said);
    });
  }

  /** Bring step *number* into sight. */
  function showStep(number) {
    const head = find(`counterprompt-step-${number}`);
    if (!head) return;
    const isStill = globalThis.matchMedia("(prefers-reduced-motion: reduce)").matches;
    head.scrollIntoView({ block: "start", behavior: isStill ? "auto" : "smooth" });
    head.focus({ preventScroll: true });
  }

  /** The picture that is chosen in the host's txt2img gallery, 0 where none is. */
  function galleryPlace() {
    if (typeof globalThis.selected_gallery_index === "function") return Math.max(0, globalThis.selected_gallery_index());
    return 0;
  }

  /** All that the preview of the dynamic negative prompt on *page* depends on, as one text; "" where it is not seen. */
  function dynamicState(page) {
    const name = `counterprompt_dynamic_${page}`;
    if (!isSeen(`${name}_place`)) return "";
    const fields = [name, `${name}_on`, `${page}_prompt`, `${page}_neg_prompt`, `${page}_cfg_scale`].map(find);
    const inputs = fields.flatMap((each) => (each ? Array.from(each.querySelectorAll("input, textarea")) : []));
    return JSON.stringify(inputs.map((each) => (/checkbox|radio/.test(each.type) ? each.checked : each.value)));
  }

  return { root, find, isSeen, isFocusFree, write, tell, nameFields, loraRows, showLora, judgingFields, resetJudging, markJudging, click, moveChip, showTab, recount, showStep, galleryPlace, dynamicState };
})();
