// News of writes: the page is asked to run once more when others have written since it was drawn.
// Never under somebody's hands: it waits until nobody is in the middle of anything. Only a page
// that is seen listens, since a browser gives all tabs of a site six connections together.
const tryggNews = (globalThis.tryggNews ??= (() => {
  const LISTEN_AFTER_MS = 2000, LOOK_MS = 100, STILL_MS = 300, AGAIN_MS = 30000;
  // What lies open over the page: lists, calendars, menus, popovers, dialogs.
  const OPEN = "[role=dialog], [role=listbox], [role=menu]";
  const FIELDS = "input, textarea, select, [contenteditable=true], [role=spinbutton]";
  const page = { drawn: null, ask: null, isPrinting: () => false };
  let told = null, asked = null, source = null, soon = 0, looking = 0, stillSince = 0;
  let typedIn = null, isPressed = false, isMounted = false;

  const isRunning = () =>
    document.querySelector("[data-testid=stApp]")?.dataset.testScriptState !== "notRunning";
  const isTyping = () => typedIn !== null && typedIn.contains(document.activeElement);
  const isMapBusy = () =>
    !!document.querySelector(".st-key-map iframe")?.contentWindow?.trygg?.isBusy?.();
  const isBusy = () => isRunning() || isPressed || isTyping() || page.isPrinting() || isMapBusy()
    || document.querySelector(OPEN) !== null;

  const isNews = () => told !== null && told !== page.drawn && told !== asked;
  function look() {
    if (!isNews()) return rest();
    if (isBusy()) stillSince = 0;
    else if (!stillSince) stillSince = performance.now();
    else if (performance.now() - stillSince >= STILL_MS) {
      rest();
      asked = told; // Whatever comes of it, the same news is never asked about twice.
      page.ask(told);
    }
  }
  function wake() {
    stillSince = 0;
    if (!looking && isNews() && !document.hidden) looking = setInterval(look, LOOK_MS);
  }
  function rest() {
    clearInterval(looking);
    looking = stillSince = 0;
  }

  function open() {
    soon = 0;
    if (source || document.hidden || !isMounted || page.drawn === null) return;
    const root = window.__streamlit?.MAIN_PAGE_BASE_URL ?? document.baseURI;
    source = new EventSource(new URL("nyheter", root));
    source.onmessage = (event) => {
      told = Number(event.data);
      wake();
    };
    source.onerror = () => {
      // A lost connection is the browser's to mend; one that was refused it gives up.
      if (source?.readyState !== EventSource.CLOSED) return;
      close();
      soon = setTimeout(open, AGAIN_MS);
    };
  }
  function close() {
    clearTimeout(soon);
    soon = 0;
    source?.close();
    source = null;
  }

  const acted = () => (stillSince = 0);
  document.addEventListener("visibilitychange", () => {
    rest();
    close();
    if (!document.hidden) open();
    wake();
  });
  addEventListener("pointerdown", () => { isPressed = true; acted(); }, true);
  for (const over of ["pointerup", "pointercancel", "blur"])
    addEventListener(over, () => (isPressed = false), true);
  const typed = (event) => {
    acted();
    const field = event.target instanceof Element ? event.target.closest(FIELDS) : null;
    // Enter hands over what was typed, but for the lines of a longer text.
    const isSent = event.key === "Enter" && (field?.tagName !== "TEXTAREA" || event.ctrlKey || event.metaKey);
    if (event.key === "Tab" || event.key === "Shift") return;
    if (field) typedIn = isSent ? null : field;
  };
  addEventListener("keydown", typed, true);
  addEventListener("input", typed, true);
  addEventListener("focusout", () => (typedIn = null), true);

  let leaving = 0;
  return {
    // What is shown, and what was told of last; null before anything was.
    state: () => ({ drawn: page.drawn, told, isWaiting: isNews() }),
    // The page is there, or was drawn anew.
    shows(drawn, ask, isPrinting) {
      Object.assign(page, { drawn, ask, isPrinting });
      clearTimeout(leaving);
      isMounted = true;
      if (drawn !== null && !source && !soon) soon = setTimeout(open, LISTEN_AFTER_MS);
      wake();
    },
    // It is replaced by its next drawing, or gone.
    leaves() {
      leaving = setTimeout(() => {
        isMounted = false;
        rest();
        close();
      }, 1000);
    },
  };
})());
