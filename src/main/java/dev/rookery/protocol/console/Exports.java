package dev.rookery.protocol.console;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.console.Permission;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Downloads of lists: all rows that match, in the order of the list. The audit log has an entry
 * when a download begins, with what was searched for, and one with the number of rows when it ends.
 * At most {@value #AT_ONCE} are sent at a time; further ones are refused.
 */
final class Exports {
  static final int AT_ONCE = 4;

  private static final Logger LOG = LoggerFactory.getLogger(Exports.class);
  private static final Duration RETRY = Duration.ofSeconds(10);
  private static final String FORMAT = "format";

  private final Changes changes;
  private final Semaphore slots = new Semaphore(AT_ONCE);

  Exports(Changes changes) {
    this.changes = changes;
  }

  /** Registers the download of the list at a path. */
  <T> void register(
      ConsoleRouter console, String path, Function<ConsoleRequest, ListSelection<T>> selection) {
    console.page(
        path + "/export",
        Permission.PLAYERS_EXPORT,
        request -> send(request, path, selection.apply(request)));
  }

  /** The links of a list to its downloads, for admins who may have them. */
  List<Link> links(ConsoleRequest request, ListRequest list, String path) {
    return request.may(Permission.PLAYERS_EXPORT)
        ? List.of(link(list, path, "CSV", "csv"), link(list, path, "NDJSON", "ndjson"))
        : List.of();
  }

  static Link link(ListRequest list, String path, String text, String format) {
    return new Link(text, list.urlOf(path + "/export", FORMAT, format, "size", ""));
  }

  <T> Future<ConsoleView> send(ConsoleRequest request, String path, ListSelection<T> selection) {
    if (!request.may(selection.reads())) {
      return Future.succeededFuture(ConsoleProblem.noPermission(selection.reads()).view());
    }
    if (!selection.isValid()) {
      return Future.succeededFuture(new ConsoleView.Redirect(selection.list().urlOf(path)));
    }
    if (request.context().response().closed()) {
      // The client has gone meanwhile, and a handler of the end would not be called any more.
      return Future.failedFuture(new Refused(new Refusal.Unavailable("client_gone")));
    }
    if (!slots.tryAcquire()) {
      return Future.failedFuture(new Refused(new Refusal.Limited("too_many_exports", RETRY)));
    }
    var rows = new AtomicLong();
    request.context().addEndHandler(_ -> end(request, selection.area(), rows.get()));
    ListSelection.Rows<T> source = selection.rows();
    return changes
        .recordRead(
            request,
            "console_export_" + selection.area(),
            selection.area(),
            Changes.values("query", selection.query(), FORMAT, request.query(FORMAT)))
        .compose(
            _ ->
                ListExport.of(
                    request.query(FORMAT),
                    selection.area(),
                    source.columns(),
                    (last, max) ->
                        source
                            .read()
                            .apply(last, max)
                            .onSuccess(items -> rows.addAndGet(items.size())),
                    source.values()));
  }

  private void end(ConsoleRequest request, String area, long rows) {
    slots.release();
    changes
        .recordRead(request, "console_exported_" + area, area, Changes.values("rows", rows))
        .onFailure(failure -> LOG.warn("the end of an export is not in the audit log", failure));
  }

  /** Returns the cells of a row by their columns, without those that are null. */
  static Map<String, Object> row(@Nullable Object... columnsAndValues) {
    Map<String, Object> row = new LinkedHashMap<>();
    Changes.values(columnsAndValues)
        .forEach(
            (column, value) -> {
              if (value != null) {
                row.put(column, value);
              }
            });
    return row;
  }

  /** Returns a time as exports have it, in UTC; null for none. */
  static @Nullable String time(@Nullable Long ms) {
    return ms == null || ms == 0 ? null : Instant.ofEpochMilli(ms).toString();
  }
}
