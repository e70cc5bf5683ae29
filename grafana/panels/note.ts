// Words on a board: a formula, or what to do.
//
// Markdown only. It asks nothing, so it has neither a data source nor a unit.

import { PanelBuilder, TextMode } from '@grafana/grafana-foundation-sdk/text'

/** Words below a title; `description` is what the panel's tooltip says. */
export function note(
  { title, description }: { readonly title: string; readonly description: string },
  markdown: string,
): PanelBuilder {
  return new PanelBuilder().title(title).description(description).mode(TextMode.Markdown).content(markdown)
}
