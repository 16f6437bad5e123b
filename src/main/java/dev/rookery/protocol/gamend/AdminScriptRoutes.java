package dev.rookery.protocol.gamend;

import dev.rookery.base.Refused;
import dev.rookery.script.ScriptCommand;
import dev.rookery.script.ScriptCommand.TestReport;
import dev.rookery.script.ScriptInfo;
import dev.rookery.script.ScriptProblem;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Management of Lua scripts by admins. */
final class AdminScriptRoutes {
  private static final String PUT = "admin_put_script";
  private static final String CHECK = "admin_check_script";

  private static final ErrorShape INVALID_NAME = ErrorShape.of(400, "invalid_name");
  private static final ErrorShape INVALID_REQUEST = ErrorShape.of(400, "invalid_request");

  /** Whether the body of an operation is the text of a script. */
  static boolean isSource(String operation) {
    return operation.equals(PUT) || operation.equals(CHECK);
  }

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_list_scripts", this::list);
    routes.put(PUT, this::put);
    routes.put(CHECK, this::check);
    routes.put("admin_remove_script", this::remove);
    routes.put("admin_roll_back_script", this::rollBack);
    routes.put("admin_run_script", this::run);
    routes.put("admin_run_script_live", this::runLive);
  }

  private Future<Response> list(ApiRequest request) {
    return request
        .ask(new ScriptCommand.ListAll())
        .map(
            listing -> {
              var data = new JsonArray();
              listing.scripts().forEach(each -> data.add(view(each)));
              return Response.ok(JsonObject.of("engine", listing.engine(), "data", data));
            });
  }

  private static JsonObject view(ScriptInfo script) {
    ScriptProblem problem = script.problem();
    return new JsonObject()
        .put("name", script.name())
        .put("role", script.role() == null ? null : script.role().text())
        .put("sha1", script.sha1())
        .put("version", script.version())
        .put("source", script.source())
        .put("changed_at", script.changedMs() == 0 ? null : Views.time(script.changedMs()))
        .put("error", problem == null ? null : view(problem));
  }

  private static JsonObject view(ScriptProblem problem) {
    return new JsonObject()
        .put("line", problem.line())
        .put("message", problem.message())
        .put("at", Views.time(problem.atMs()));
  }

  private Future<Response> put(ApiRequest request) {
    var put = new ScriptCommand.Put(name(request), text(request.context().body().buffer()));
    return request.ask(put).map(script -> Response.ok(view(script)));
  }

  private Future<Response> check(ApiRequest request) {
    String source = text(request.context().body().buffer());
    return request
        .ask(new ScriptCommand.Check(name(request), source))
        .map(
            problem ->
                Response.ok(
                    JsonObject.of("error", problem.map(AdminScriptRoutes::view).orElse(null))));
  }

  private static String text(@Nullable Buffer body) {
    if (body == null || body.length() == 0) {
      throw new InvalidRequest(INVALID_REQUEST, Map.of());
    }
    try {
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body.getBytes())).toString();
      if (text.indexOf('\0') < 0) {
        return text;
      }
    } catch (CharacterCodingException _) {
      throw new InvalidRequest(INVALID_REQUEST, Map.of());
    }
    throw new InvalidRequest(INVALID_REQUEST, Map.of());
  }

  private Future<Response> remove(ApiRequest request) {
    return request.ask(new ScriptCommand.Remove(name(request))).map(Response::empty);
  }

  private Future<Response> rollBack(ApiRequest request) {
    return request
        .ask(new ScriptCommand.RollBack(name(request)))
        .map(script -> Response.ok(view(script)));
  }

  private Future<Response> run(ApiRequest request) {
    var run =
        new ScriptCommand.TestRun(
            name(request),
            request.input().text("source"),
            texts(request, "keys"),
            texts(request, "args"));
    return request.ask(run).map(AdminScriptRoutes::response);
  }

  private Future<Response> runLive(ApiRequest request) {
    var run =
        new ScriptCommand.RunLive(name(request), texts(request, "keys"), texts(request, "args"));
    return request.ask(run).map(AdminScriptRoutes::response);
  }

  private static Response response(TestReport report) {
    return Response.ok(
        JsonObject.of(
            "data",
            JsonObject.of(
                "done", report.done(), "text", report.text(), "took_ms", report.tookMs())));
  }

  /** The texts of an array; none if it is absent. */
  private static List<String> texts(ApiRequest request, String field) {
    Object value = request.input().any(field);
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
      return list.stream().map(String.class::cast).toList();
    }
    throw Refused.invalid(field, "is not an array of texts");
  }

  private static String name(ApiRequest request) {
    String name = request.input().textOrEmpty("name");
    if (!ScriptCommand.isName(name)) {
      throw new InvalidRequest(INVALID_NAME, Map.of());
    }
    return name;
  }
}
