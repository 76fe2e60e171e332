// report.html of a run.
import { join } from 'node:path'
import { writeDurably } from '../../platform/files/durable.js'
import { logLine } from '../../platform/texts/terminal.js'
import { reportFile } from '../../run/folder/file-names.js'
import { type RunMaterial, readMaterial } from './material.js'
import { type PageSection, pageText } from './page.js'
import { runPageData } from './run-charts.js'
import { headOf } from './run-head.js'
import { experimentSection, originSection, timingSection } from './run-origin.js'
import {
  calibrationSection,
  classesSection,
  confusionSection,
  correctionSection,
  curvesSection,
} from './run-sections.js'

/** File name, inside a run folder, of the report without names of machines and folders. */
export const anonymousReportFile = 'report-anonymous.html'

/** The whole page, from what the run folder holds. @throws RunError SAU7101 where it holds no run. */
export function runReport(runFolder: string): string {
  return reportText(readMaterial(runFolder))
}

export function reportText(material: RunMaterial): string {
  const data = runPageData(material)
  const sections: readonly (PageSection | undefined)[] = [
    curvesSection(data),
    classesSection(material, data),
    confusionSection(data),
    calibrationSection(material, data),
    correctionSection(material, data),
    timingSection(material, data),
    experimentSection(material),
    originSection(material),
  ]
  return pageText(
    `${material.plan.title}, run ${material.run}`,
    headOf(material),
    sections.flatMap((section) => section ?? []),
    data,
  )
}

/**
 * Writes the report at a run's end. That it cannot be written is a line in process.log and no other end of
 * the run.
 */
export function writeReportAtEnd(runFolder: string): void {
  try {
    writeDurably(join(runFolder, reportFile), runReport(runFolder))
  } catch (error) {
    logLine(`the report was not written: ${error instanceof Error ? error.message : error}`)
  }
}
