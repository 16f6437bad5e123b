package dev.rookery.protocol.page;

import dev.rookery.base.MessageId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.chat.ChatCommand;
import dev.rookery.chat.ChatMessage;
import dev.rookery.chat.ChatReport.Reason;
import dev.rookery.chat.ModerationCommand;
import dev.rookery.protocol.page.Forms.FormErrors;
import dev.rookery.translation.Message;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Serves the form with which a player reports a message of another player. */
final class ReportPages {
  private static final String REPORT = "/chat/:kind/:id/report";
  private static final String MESSAGE = "message";
  private static final List<Map<String, Object>> REASONS =
      List.of(
          GroupView.option(Reason.SPAM.text(), Message.of("Spam or advertising")),
          GroupView.option(Reason.HARASSMENT.text(), Message.of("Harassment")),
          GroupView.option(Reason.HATE.text(), Message.of("Hate")),
          GroupView.option(Reason.THREAT.text(), Message.of("Threats")),
          GroupView.option(Reason.SEXUAL.text(), Message.of("Sexual content")),
          GroupView.option(Reason.CHEATING.text(), Message.of("Cheating")),
          GroupView.option(Reason.OTHER.text(), Message.of("Something else")));

  private final Bus bus;

  ReportPages(Bus bus) {
    this.bus = bus;
  }

  void mount(Router router, PageRouter pages) {
    pages.getSignedIn(
        router, REPORT, request -> show(request, request.number(MESSAGE, 0), FormErrors.NONE));
    pages.postSignedIn(router, REPORT, this::report);
  }

  private Future<PageResponse> show(PageRequest request, long message, FormErrors errors) {
    return bus.ask(new ChatCommand.Get(request.player(), new MessageId(message)))
        .map(found -> render(request, found, errors));
  }

  private static PageResponse render(PageRequest request, ChatMessage message, FormErrors errors) {
    Map<String, Object> json = message.contentJson();
    var model = new HashMap<String, Object>();
    model.put("title", Message.of("Report the message"));
    model.put("path", ChatPages.path(request));
    model.put(MESSAGE, message.id().value());
    model.put("sender", PlayerView.name(message.sender(), message.senderName()));
    model.put("text", json == null ? message.content() : new JsonObject(json).encode());
    model.put("reasons", REASONS);
    model.put("reason", request.field("reason"));
    model.put("details", request.field("text"));
    return new PageResponse.Render(errors.status(), "chat-report", errors.addTo(model));
  }

  private Future<PageResponse> report(PageRequest request) {
    long message = request.fieldId(MESSAGE);
    Reason reason =
        Reason.of(request.field("reason")).orElseThrow(() -> Refused.missing("not_found"));
    var report =
        new ModerationCommand.Report(
            request.player(), new MessageId(message), reason, request.field("text"));
    return Forms.submit(
        bus.ask(report)
            .map(_ -> new PageResponse.Redirect(ChatPages.path(request) + "?done=reported")),
        errors -> show(request, message, errors));
  }
}
