/* What the accessibility test asks of the page; run inside it by Playwright. */
(() => {
  const page = document.getElementById("counterprompt_page");
  const isShown = (each) => each.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !each.closest(".cp-machinery");
  const CONTROLS = "button, input, select, textarea, summary, a[href], [role=button], [role=tab], [tabindex]";

  function nameOf(control) {
    const labelled = (control.getAttribute("aria-labelledby") || "").split(" ").map((id) => document.getElementById(id));
    const texts = [
      control.getAttribute("aria-label"),
      ...labelled.map((each) => each && each.textContent),
      ...Array.from(control.labels || []).map((each) => each.textContent),
      control.tagName === "INPUT" ? "" : control.textContent,
      ...Array.from(control.querySelectorAll("img[alt]")).map((each) => each.alt),
      control.title,
    ];
    return (texts.find((text) => text && text.trim()) || "").trim();
  }

  const controls = () => Array.from(page.querySelectorAll(CONTROLS)).filter(isShown);
  const told = (each) => `${each.tagName} ${each.id || each.className} in ${(each.closest("[id^=counterprompt]") || {}).id}`;

  /** Controls without a name. */
  const unnamed = () => controls().filter((each) => !nameOf(each)).map(told);

  /** Controls that the Tab key passes over; one radio button of a group is enough, and a file field has its button. */
  const unreached = () =>
    controls()
      .filter((each) => each.tabIndex < 0 && !each.disabled && !each.matches("header, [type=radio], [type=file]"))
      .map(told);

  /** Pictures without a description. */
  const undescribed = () => Array.from(page.querySelectorAll("img")).filter((each) => !each.alt.trim()).map(told);

  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  /** Any CSS colour as red, green, blue (0 to 255) and alpha (0 to 1). */
  function rgba(colour) {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  }

  const over = (top, below) => [0, 1, 2].map((at) => top[at] * top[3] + below[at] * (1 - top[3])).concat(1);

  /** The colour behind *elem*'s text; null where a picture or gradient lies there. */
  function behind(elem) {
    const layers = [];
    for (let each = elem; each; each = each.parentElement) {
      const style = getComputedStyle(each);
      if (style.backgroundImage !== "none") return null;
      const colour = rgba(style.backgroundColor);
      layers.push(colour);
      if (colour[3] > 0.999) break;
    }
    return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255, 1]);
  }

  /** Relative luminance of WCAG 2. */
  function luminance([r, g, b]) {
    const [red, green, blue] = [r, g, b].map((each) => {
      const part = each / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }

  function contrast(front, back) {
    const [high, low] = [luminance(front), luminance(back)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  }

  const opacityOf = (elem) => {
    let product = 1;
    for (let each = elem; each; each = each.parentElement) product *= Number(getComputedStyle(each).opacity);
    return product;
  };

  /** Texts of ours that WCAG 2 AA finds too faint: below 4.5, below 3 where they are large. */
  function faint() {
    const found = [];
    const ours = [...page.querySelectorAll("[class*='cp-'] *, [class*='cp-'], h4, h3"), ...document.querySelectorAll(".counterprompt-dynamic *")];
    for (const elem of ours) {
      const hasText = Array.from(elem.childNodes).some((each) => each.nodeType === 3 && each.data.trim());
      if (!hasText || !isShown(elem) || elem.matches(":disabled, :disabled *, option") || elem.closest("button.lg, .cp-unseen, #counterprompt_drop")) continue;
      const style = getComputedStyle(elem);
      const back = behind(elem);
      if (!back) continue;
      const ink = rgba(elem.namespaceURI.endsWith("svg") ? style.fill : style.color);
      ink[3] *= opacityOf(elem);
      const size = parseFloat(style.fontSize);
      const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      const ratio = contrast(over(ink, back), back);
      if (ratio < (isLarge ? 3 : 4.5)) found.push(`${ratio.toFixed(2)} ${elem.className.baseVal ?? elem.className} "${elem.textContent.trim().slice(0, 30)}"`);
    }
    return [...new Set(found)];
  }

  /** Whether the focused element shows that it has the focus. */
  function isFocusShown() {
    const style = getComputedStyle(document.activeElement);
    const outline = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    return outline || style.boxShadow !== "none" || document.activeElement.matches("[type=file]");
  }

  globalThis.audit = { unnamed, unreached, undescribed, faint, isFocusShown, told };
})();
