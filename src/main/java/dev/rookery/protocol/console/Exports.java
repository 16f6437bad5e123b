package dev.rookery.protocol.console;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.Actor;
import dev.rookery.console.AdminLists;
import dev.rookery.console.ListDownloads;
import dev.rookery.console.ListInput;
import dev.rookery.console.ListSelection;
import dev.rookery.console.Permission;
import dev.rookery.edge.ListExport;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Downloads of lists: all rows that match, in the order of the list; {@link ListDownloads}. */
final class Exports {
  private static final String FORMAT = "format";

  private final Bus bus;
  private final ListDownloads downloads;

  Exports(Bus bus, AdminLists lists) {
    this.bus = bus;
    this.downloads = lists.downloads();
  }

  /** Registers the download of the list at a path. */
  <T> void register(
      ConsoleRouter console, String path, Function<ListInput, ListSelection<T>> selection) {
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
      return Future.succeededFuture(new ConsoleView.Redirect(ListRequest.back(request, path)));
    }
    if (request.context().response().closed()) {
      // The client has gone meanwhile, and a handler of the end would not be called any more.
      return Future.failedFuture(new Refused(new Refusal.Unavailable("client_gone")));
    }
    var actor = Actor.of(request.admin(), Objects.requireNonNull(request.permission()), "");
    var format = ListExport.Format.of(request.query(FORMAT));
    var download = downloads.begin(bus, actor, selection, format.text());
    request.context().addEndHandler(_ -> download.end());
    return download
        .record()
        .compose(
            _ ->
                download(
                    format,
                    selection.area(),
                    selection.rows().columns(),
                    download::read,
                    selection.rows().values()));
  }

  /** As {@link ListExport#of}, to be saved as a file. */
  private static <T> Future<ConsoleView> download(
      ListExport.Format format,
      String name,
      List<String> columns,
      BiFunction<@Nullable T, Integer, Future<List<T>>> read,
      Function<T, Map<String, Object>> values) {
    return ListExport.of(format, columns, read, values)
        .map(body -> new ConsoleView.Download(format.file(name), format.contentType(), body));
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
