// Stats and bar gauges, drawn by Grafana's own components.
//
// Only the code of the panel plugins around them is replaced here.

import {
  type FieldDisplay,
  getDisplayValueAlignmentFactors,
  getFieldDisplayValues,
  type VizOrientation,
} from '@grafana/data'
import type { SingleStatBaseOptions } from '@grafana/schema'
import type { Options as BarGaugeOptions } from '@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen'
import type { Options as StatOptions } from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen'
import { BarGauge, BigValue, VizRepeater, type VizRepeaterRenderValueProps } from '@grafana/ui'
import { optionsOf, type VizProps } from './viz.ts'

type Rendered = VizRepeaterRenderValueProps<FieldDisplay, ReturnType<typeof alignment>>

const alignment = (values: FieldDisplay[]) => getDisplayValueAlignmentFactors(values)

function displays({ panel, frames, fieldConfig, theme }: VizProps): FieldDisplay[] {
  const { reduceOptions } = optionsOf<SingleStatBaseOptions>(panel)
  const replaceVariables = (text: string) => text
  return getFieldDisplayValues({ data: frames, fieldConfig, reduceOptions, replaceVariables, theme, timeZone: 'utc' })
}

export function Stat(props: VizProps) {
  const { panel, frames, width, height, theme } = props
  const options = optionsOf<StatOptions>(panel)
  const one = ({ value, width, height, alignmentFactors, count, orientation }: Rendered) => {
    // A property that is missing in the component's type.
    const parent = { parentOrientation: orientation }
    return (
      <BigValue
        value={value.display}
        count={count}
        colorMode={options.colorMode}
        graphMode={options.graphMode}
        justifyMode={options.justifyMode}
        textMode={options.textMode}
        text={options.text}
        disableWideLayout={!options.wideLayout}
        alignmentFactors={alignmentFactors}
        width={width}
        height={height}
        theme={theme}
        {...parent}
      />
    )
  }
  return (
    <VizRepeater
      getValues={() => displays(props)}
      getAlignmentFactors={alignment}
      renderValue={one}
      renderCounter={0}
      source={frames}
      width={width}
      height={height}
      autoGrid
      itemSpacing={3}
      orientation={options.orientation as unknown as VizOrientation}
    />
  )
}

export function Bars(props: VizProps) {
  const { panel, frames, width, height, theme } = props
  const options = optionsOf<BarGaugeOptions>(panel)
  const one = ({ value, width, height, orientation, alignmentFactors, count }: Rendered) => (
    <BarGauge
      value={value.display}
      field={value.field}
      display={value.view?.getFieldDisplayProcessor(value.colIndex ?? 0)}
      orientation={orientation}
      text={options.text}
      displayMode={options.displayMode}
      showUnfilled={options.showUnfilled}
      valueDisplayMode={options.valueMode}
      namePlacement={options.namePlacement}
      alignmentFactors={count > 1 ? alignmentFactors : undefined}
      itemSpacing={10}
      width={width}
      height={height}
      theme={theme}
    />
  )
  return (
    <VizRepeater
      getValues={() => displays(props)}
      getAlignmentFactors={alignment}
      renderValue={one}
      renderCounter={0}
      source={frames}
      width={width}
      height={height}
      itemSpacing={10}
      minVizWidth={options.minVizWidth}
      minVizHeight={options.minVizHeight}
      maxVizHeight={options.maxVizHeight}
      orientation={options.orientation as unknown as VizOrientation}
    />
  )
}
