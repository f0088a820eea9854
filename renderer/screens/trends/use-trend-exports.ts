import { formatRange } from '../../charts/history-time.ts';
import { placeMarks } from '../../charts/history-mark-strip.ts';
import { picture } from '../../charts/trends-picture.ts';
import { LANE_LEFT_PX, LANE_RIGHT_PX } from '../../charts/uplot-adapter.ts';
import { useTrends } from '../../stores/trends.ts';
import { useWorkbench } from '../../stores/workbench.ts';
import { saveBlob, saveFile } from '../sockets/save-file.ts';
import { trendCsv } from './trend-csv.ts';

/** Saves the window as figures or as a picture of the charts. */
export function useTrendExports(drawn: () => { canvases: (HTMLCanvasElement | null)[]; title: string }) {
  const trends = useTrends();
  const workbench = useWorkbench();

  function nameOf(extension: string): string {
    const host = (workbench.live?.target.hostname ?? 'host').replaceAll(/[^\w.-]/g, '_');
    const from = new Date(trends.window.fromMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
    return `fourtuple-trends-${host}-${from}Z.${extension}`;
  }
  function saveCsv(): void {
    if (trends.frame) saveFile(nameOf('csv'), [trendCsv(trends.frame, trends.window)], 'text/csv');
  }
  async function savePng(): Promise<void> {
    const { canvases, title } = drawn();
    const { window, nowMs } = trends;
    const lanes = canvases.filter((canvas) => canvas !== null);
    if (lanes.length === 0) {
      trends.problem = 'There is no picture to save: show the charts, not the table.';
      return;
    }
    const marks = (widthPx: number) =>
      placeMarks(
        trends.frame?.marks ?? [],
        window,
        { left: LANE_LEFT_PX, right: widthPx - LANE_RIGHT_PX },
        nowMs,
      );
    const host = workbench.live?.target.hostname ?? '';
    const range = formatRange({ fromMs: window.fromMs, untilMs: Math.min(window.untilMs, nowMs) }, 0);
    const blob = await picture({
      lanes,
      title,
      sub: `${host} · ${range}`,
      marks,
      platform: workbench.platform,
    });
    if (blob) saveBlob(nameOf('png'), blob);
  }
  return { saveCsv, savePng };
}
