// The page of the preview: `/?board=<uid>&at=<epoch seconds>`, with `theme=light`, `kiosk`, `unfold` and `var-<name>=<value>`.
//
// Grafana's theme, fonts and styles; never its application.

import { createTheme, EventBusSrv, ThemeContext } from '@grafana/data'
import { DashboardCursorSync } from '@grafana/schema'
import { GlobalStyles, PanelContextProvider } from '@grafana/ui'
import { createRoot } from 'react-dom/client'
import { BoardView } from './board.tsx'

const given = new URLSearchParams(location.search)
const theme = createTheme({ colors: { mode: given.get('theme') === 'light' ? 'light' : 'dark' } })
const bus = new EventBusSrv()
const context = {
  eventBus: bus,
  eventsScope: '',
  sync: () => DashboardCursorSync.Off,
  onToggleSeriesVisibility: () => undefined,
}

const root = document.getElementById('root')
if (root !== null) {
  createRoot(root).render(
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <PanelContextProvider value={context}>
        <BoardView given={given} theme={theme} />
      </PanelContextProvider>
    </ThemeContext.Provider>,
  )
}
