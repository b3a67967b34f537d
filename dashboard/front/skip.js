// The first stops of the keyboard lead past the navigation and the controls: to the list, the
// charts or the page. They are seen once they are reached.
(() => {
  const PLACES = {
    "Skip to the page": "[data-testid=stMain]",
    "Skip to the list": "[data-testid=data-grid-canvas]",
    "Skip to the charts": "[data-testid=stPlotlyChart]",
  }

  const goTo = (place) => {
    const target = document.querySelector(place)
    if (!target) return
    if (!target.hasAttribute("tabindex")) target.setAttribute("tabindex", "-1")
    target.scrollIntoView({ block: "start" })
    target.focus({ preventScroll: true })
  }
  const add = () => {
    const links = document.createElement("nav")
    links.className = "skip-links"
    links.setAttribute("aria-label", "Skip")
    for (const [words, place] of Object.entries(PLACES)) {
      const link = document.createElement("button")
      link.type = "button"
      link.textContent = words
      link.addEventListener("click", () => goTo(place))
      links.append(link)
    }
    document.body.prepend(links)
  }
  if (document.body) add()
  else document.addEventListener("DOMContentLoaded", add)
})()
