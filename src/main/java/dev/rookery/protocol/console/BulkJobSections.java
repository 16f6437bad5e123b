package dev.rookery.protocol.console;

import dev.rookery.console.BulkJob;
import dev.rookery.console.BulkJob.RowState;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Fact;
import dev.rookery.protocol.console.RecordPage.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the pages of bulk jobs show of a job: its state, its facts, and what became of its rows. */
final class BulkJobSections {
  static final int ROWS_SHOWN = 100;

  static String count(long number) {
    return String.format(Locale.ENGLISH, "%,d", number);
  }

  static Cell state(BulkJob job) {
    return Cell.badge(
        job.state().text(),
        switch (job.state()) {
          case SELECTING, READY, CANCELLED -> "";
          case RUNNING, DONE -> "good";
          case STOPPED -> "bad";
        });
  }

  static String progress(BulkJob job) {
    return count(job.counts().finished()) + " of " + count(job.counts().total());
  }

  static List<Fact> facts(BulkJob job) {
    BulkJob.Counts counts = job.counts();
    var facts = new ArrayList<Fact>();
    facts.add(Fact.of("List", Cell.link(job.list(), job.list())));
    facts.add(Fact.of("Search", Cell.text(job.query().isEmpty() ? "all rows" : job.query())));
    facts.add(Fact.of("Admin", Cell.player(null, job.admin().value())));
    facts.add(Fact.of("Finished", Cell.text(progress(job))));
    facts.add(Fact.of("Done", Cell.number(counts.done())));
    facts.add(Fact.of("Refused", Cell.number(counts.refused())));
    facts.add(Fact.of("Vanished", Cell.number(counts.vanished())));
    if (job.startsMs() > 0) {
      facts.add(Fact.of("Begins", Cell.time(job.startsMs())));
    }
    if (!job.reason().isEmpty()) {
      facts.add(Fact.of("Reason", Cell.text(job.reason())));
    }
    if (!job.problem().isEmpty()) {
      facts.add(Fact.of("Stopped because of", Cell.code(job.problem())));
    }
    return facts;
  }

  static Section rows(BulkJob job, @Nullable RowState only, List<BulkJob.Row> found) {
    boolean more = found.size() > ROWS_SHOWN;
    List<BulkJob.Row> shown = more ? found.subList(0, ROWS_SHOWN) : found;
    var rows = new ArrayList<Row>();
    for (BulkJob.Row row : shown) {
      rows.add(
          new Row(
              Long.toString(row.place()),
              "row " + row.place(),
              List.of(
                  Cell.number(row.place()),
                  Cell.code(Long.toString(row.row())),
                  Cell.link(
                      row.state().text(), BulkPages.path(job) + "?result=" + row.state().text()),
                  Cell.code(row.code()))));
    }
    var columns =
        List.of(
            Column.of("Place", 3),
            Column.of("Id", 1),
            Column.of("Result", 1),
            Column.of("Code", 2));
    String filter = only == null ? "" : "result=" + only.text();
    String next =
        more
            ? BulkPages.path(job)
                + "?"
                + (filter.isEmpty() ? "" : filter + "&")
                + "after="
                + shown.getLast().place()
            : "";
    return Section.table(
        "rows",
        only == null ? "Rows" : "Rows: " + only.text(),
        new ListView("rows", "Rows", columns, rows, false),
        new Pager("", "", only == null ? "" : BulkPages.path(job), "", next),
        "No rows.");
  }

  private BulkJobSections() {}
}
