// A page that Streamlit could not put together is empty: it is loaded anew, once a minute at most.
// Its address holds the view.
(() => {
  const KEPT = "rerank-studio-loaded-anew"
  const AGAIN = 60_000
  const BROKEN = /delta path/

  window.addEventListener("error", (event) => {
    const said = `${event.message || ""} ${(event.error && event.error.message) || ""}`
    if (!BROKEN.test(said)) return
    const last = Number(sessionStorage.getItem(KEPT) || 0)
    if (Date.now() - last < AGAIN) return
    sessionStorage.setItem(KEPT, String(Date.now()))
    window.location.reload()
  })
})()
