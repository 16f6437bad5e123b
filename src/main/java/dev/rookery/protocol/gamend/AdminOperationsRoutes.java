package dev.rookery.protocol.gamend;

import dev.rookery.auth.EmailCommand;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.console.LogLine;
import dev.rookery.console.OperationsQuery;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/**
 * What operators do to the running nodes: drain, levels of loggers, limited clients, test emails.
 */
final class AdminOperationsRoutes {
  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_test_email", this::testEmail);
    routes.put("admin_drain_node", this::drain);
    routes.put("admin_set_log_level", this::setLogLevel);
    routes.put("admin_forget_limited", this::forgetLimited);
  }

  private Future<Response> testEmail(ApiRequest request) {
    return request.ask(new EmailCommand.SendTest(request.player())).map(Response::empty);
  }

  private Future<Response> drain(ApiRequest request) {
    return request
        .ask(new OperationsQuery.DrainNode(request.input().textOrEmpty("node")))
        .map(
            taken -> {
              if (!taken) {
                throw new Refused(new Refusal.Unavailable("node_does_not_answer"));
              }
              return Response.accepted(new JsonObject());
            });
  }

  private Future<Response> setLogLevel(ApiRequest request) {
    Input in = request.input();
    return request
        .ask(
            new OperationsQuery.SetLogLevel(
                in.textOrEmpty("logger"),
                LogLine.Level.of(in.textOrEmpty("level")),
                in.textOrEmpty("node")))
        .map(
            nodes ->
                Response.ok(
                    JsonObject.of(
                        "nodes",
                        new JsonArray(nodes),
                        "for_seconds",
                        OperationsQuery.SetLogLevel.LASTS.toSeconds())));
  }

  private Future<Response> forgetLimited(ApiRequest request) {
    return request
        .ask(new OperationsQuery.ForgetLimited(request.input().textOrEmpty("network")))
        .map(Response::empty);
  }
}
