// Text panel in Markdown, such as a formula or instructions.
//
// It has no query, and so neither a data source nor a unit.

import { PanelBuilder, TextMode } from '@grafana/grafana-foundation-sdk/text'

/** A text below a title. `description` is the tooltip of the panel. */
export function note(
  { title, description }: { readonly title: string; readonly description: string },
  markdown: string,
): PanelBuilder {
  return new PanelBuilder().title(title).description(description).mode(TextMode.Markdown).content(markdown)
}
