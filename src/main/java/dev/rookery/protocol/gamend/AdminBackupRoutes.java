package dev.rookery.protocol.gamend;

import dev.rookery.console.Backup;
import dev.rookery.console.BackupCommand;
import dev.rookery.console.BackupCommand.BackupPage;
import dev.rookery.console.BackupFile;
import dev.rookery.edge.FileDownload;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Backups of the database, for admins. */
final class AdminBackupRoutes {
  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_list_backups", this::list);
    routes.put("admin_create_backup", this::create);
    routes.put("admin_delete_backup", this::delete);
    routes.put("admin_download_backup", this::download);
  }

  private Future<Response> list(ApiRequest request) {
    return request.ask(new BackupCommand.ListBackups()).map(page -> Response.ok(view(page)));
  }

  private Future<Response> create(ApiRequest request) {
    return request
        .ask(new BackupCommand.BackUp(request.input().textOrEmpty("node")))
        .map(backup -> Response.accepted(JsonObject.of("data", view(backup))));
  }

  private Future<Response> delete(ApiRequest request) {
    return request.ask(new BackupCommand.Delete(request.input().id("backup"))).map(Response::empty);
  }

  private Future<Response> download(ApiRequest request) {
    String file = request.input().textOrEmpty("file");
    return request
        .ask(new BackupCommand.FindFile(request.input().id("backup"), file.isEmpty() ? null : file))
        .map(found -> Response.forward(() -> send(request.context(), found)));
  }

  private static void send(RoutingContext context, BackupFile found) {
    switch (found) {
      case BackupFile.Here(var path) -> FileDownload.send(context, path);
      case BackupFile.OnOtherNode(var name, var bytes, var parts) ->
          FileDownload.send(context, name, bytes, parts);
    }
  }

  private static JsonObject view(BackupPage page) {
    var data = new JsonArray();
    page.backups().forEach(backup -> data.add(view(backup)));
    return JsonObject.of(
        "data", data, "able", new JsonArray(page.able()), "silent", new JsonArray(page.silent()));
  }

  private static JsonObject view(Backup backup) {
    return new JsonObject()
        .put("id", backup.id())
        .put("node", backup.node())
        .put("kind", backup.kind())
        .put("state", backup.state().text())
        .put("problem", backup.problem())
        .put("files", new JsonArray(backup.files()))
        .put("bytes", backup.bytes())
        .put("admin_id", backup.admin() == null ? null : backup.admin().value())
        .put("verified_at", time(backup.verifiedMs()))
        .put("created_at", time(backup.createdMs()))
        .put("ended_at", time(backup.endedMs()));
  }

  private static @Nullable String time(long ms) {
    return ms == 0 ? null : Instant.ofEpochMilli(ms).toString();
  }
}
