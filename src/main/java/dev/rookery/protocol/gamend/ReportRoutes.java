package dev.rookery.protocol.gamend;

import dev.rookery.base.MessageId;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Bus;
import dev.rookery.chat.ChatReport.Reason;
import dev.rookery.chat.ModerationCommand;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** Players report messages and players to the admins. */
final class ReportRoutes {
  private final Bus bus;

  ReportRoutes(Bus bus) {
    this.bus = bus;
  }

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("report_chat_message", this::reportMessage);
    routes.put("report_user", this::reportPlayer);
  }

  private Future<Response> reportMessage(ApiRequest request) {
    var in = request.input();
    return bus.ask(
            new ModerationCommand.Report(
                request.player(), new MessageId(in.id("id")), reason(in), in.textOrEmpty("text")))
        .map(_ -> Response.ok(JsonObject.of("ok", true)));
  }

  private Future<Response> reportPlayer(ApiRequest request) {
    var in = request.input();
    return bus.ask(
            new ModerationCommand.ReportPlayer(
                request.player(), new PlayerId(in.id("id")), reason(in), in.textOrEmpty("text")))
        .map(_ -> Response.ok(JsonObject.of("ok", true)));
  }

  private static Reason reason(Input in) {
    return Reason.of(in.textOrEmpty("reason")).orElseThrow();
  }
}
