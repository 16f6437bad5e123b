package dev.rookery.protocol.gamend;

import dev.rookery.base.Refused;
import dev.rookery.chat.Conversation.Kind;
import dev.rookery.chat.FilterCommand;
import dev.rookery.chat.FilterRule;
import dev.rookery.chat.FilterRule.Action;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rules of the filter of messages. */
final class AdminFilterRoutes {
  private static final String KINDS = "chat_types";

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_list_chat_filters", this::list);
    routes.put("admin_create_chat_filter", this::create);
    routes.put("admin_update_chat_filter", this::update);
    routes.put("admin_delete_chat_filter", this::delete);
    routes.put("admin_test_chat_filter", this::test);
  }

  private Future<Response> list(ApiRequest request) {
    return request
        .ask(new FilterCommand.ListRules())
        .map(
            rules ->
                Response.ok(
                    JsonObject.of(
                        "data",
                        new JsonArray(rules.stream().map(AdminFilterRoutes::view).toList()))));
  }

  private Future<Response> create(ApiRequest request) {
    var in = request.input();
    return request
        .ask(
            new FilterCommand.CreateRule(
                request.player(),
                in.textOrEmpty("pattern").strip(),
                action(in),
                kinds(in),
                request.idempotencyKey()))
        .map(rule -> Response.created(JsonObject.of("data", view(rule))));
  }

  private Future<Response> update(ApiRequest request) {
    var in = request.input();
    return request
        .ask(
            new FilterCommand.UpdateRule(
                request.player(),
                in.id("id"),
                in.number("revision"),
                in.textOrEmpty("pattern").strip(),
                action(in),
                kinds(in)))
        .map(rule -> Response.ok(JsonObject.of("data", view(rule))));
  }

  private static Action action(Input in) {
    return Action.of(in.textOrEmpty("action")).orElseThrow();
  }

  private static Set<Kind> kinds(Input in) {
    @Nullable Object given = in.any(KINDS);
    var kinds = new HashSet<Kind>();
    if (given instanceof List<?> names) {
      for (Object name : names) {
        kinds.add(
            ChatRoutes.kind(String.valueOf(name))
                .orElseThrow(() -> Refused.invalid(KINDS, "has an unknown type")));
      }
    } else if (given != null) {
      throw Refused.invalid(KINDS, "are not an array");
    }
    return kinds;
  }

  private Future<Response> delete(ApiRequest request) {
    return request.ask(new FilterCommand.DeleteRule(request.input().id("id"))).map(Response::empty);
  }

  private Future<Response> test(ApiRequest request) {
    var in = request.input();
    Kind kind = ChatRoutes.kind(in.textOrEmpty("chat_type")).orElseThrow();
    return request
        .ask(new FilterCommand.TestText(kind, in.textOrEmpty("content")))
        .map(
            trial ->
                Response.ok(
                    JsonObject.of(
                        "data",
                        new JsonObject()
                            .put("content", trial.verdict().text())
                            .put("refused_by", trial.verdict().refused())
                            .put("flagged_by", trial.verdict().flagged())
                            .put("found", found(trial)))));
  }

  private static JsonArray found(FilterCommand.Trial trial) {
    var found = new JsonArray();
    trial
        .found()
        .forEach(
            one ->
                found.add(
                    new JsonObject()
                        .put("rule_id", one.rule().id())
                        .put("pattern", one.rule().pattern())
                        .put("action", one.rule().action().text())
                        .put("text", one.text())));
    return found;
  }

  private static JsonObject view(FilterRule rule) {
    return new JsonObject()
        .put("id", rule.id())
        .put("pattern", rule.pattern())
        .put("action", rule.action().text())
        .put(KINDS, new JsonArray(rule.kinds().stream().sorted().map(Views::chatType).toList()))
        .put("admin_id", rule.admin().value())
        .put("revision", rule.updatedMs())
        .put("inserted_at", Views.time(rule.createdMs()))
        .put("updated_at", Views.time(rule.updatedMs()));
  }
}
