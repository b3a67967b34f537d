// What the keyboard stops at is read out by a name.
//
// A table is painted on a canvas, and Streamlit names the frame around it, not the canvas that the
// keyboard reaches; the part of the page that scrolls has no name at all.
(() => {
  const FRAME = "[data-testid=stDataFrameResizable]"
  const STOPS = { "[data-testid=data-grid-canvas]": "Table", "[data-testid=stMain]": "The page" }
  let isAwaited = false

  const name = () => {
    isAwaited = false
    for (const [stop, otherwise] of Object.entries(STOPS)) {
      for (const element of document.querySelectorAll(stop)) {
        const words = element.closest(FRAME)?.getAttribute("aria-label") || otherwise
        if (element.getAttribute("aria-label") !== words) element.setAttribute("aria-label", words)
      }
    }
  }
  const nameSoon = () => {
    if (!isAwaited) requestAnimationFrame(name)
    isAwaited = true
  }
  new MutationObserver(nameSoon).observe(document, {
    attributeFilter: ["aria-label"], childList: true, subtree: true,
  })
})()
