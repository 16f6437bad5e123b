package dev.rookery.protocol.gamend;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.console.Permission;
import dev.rookery.console.StreamEvent;
import dev.rookery.console.StreamQuery;
import dev.rookery.console.StreamQuery.NodeFollowers;
import dev.rookery.console.StreamQuery.SentFrame;
import dev.rookery.console.StreamQuery.StreamState;
import dev.rookery.console.StreamRights;
import dev.rookery.session.Session;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Streams and feeds as operators inspect them. */
final class AdminStreamRoutes {
  private static final int PAGE_SIZE = 50;
  private static final int PAGE_MAX = 200;

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_read_stream", this::read);
    routes.put("admin_read_stream_frames", this::frames);
    routes.put("admin_test_resume", this::testResume);
  }

  private static String topic(ApiRequest request) {
    return request.input().textOrEmpty("topic");
  }

  private static Set<Permission> rights(ApiRequest request) {
    Session session = request.requiredSession();
    return StreamRights.of(session::may);
  }

  private Future<Response> read(ApiRequest request) {
    String topic = topic(request);
    Set<Permission> rights = rights(request);
    Input in = request.input();
    Long from = in.number("from");
    Integer size = in.integer("page_size");
    return request
        .ask(new StreamQuery.FindStream(topic, rights))
        .compose(
            state ->
                request
                    .ask(
                        new StreamQuery.ReadEvents(
                            topic,
                            rights,
                            state.head(),
                            from == null ? 0 : from,
                            in.textOrEmpty("type"),
                            Math.clamp(size == null ? PAGE_SIZE : size, 1, PAGE_MAX)))
                    .map(events -> Response.ok(view(topic, state, events))));
  }

  private static JsonObject view(String topic, StreamState state, List<StreamEvent> events) {
    var followers = new JsonArray();
    state.followers().forEach(of -> followers.add(view(of)));
    var data = new JsonArray();
    events.forEach(event -> data.add(view(event)));
    return new JsonObject()
        .put("topic", topic)
        .put("feed", state.feed())
        .put("epoch", Long.toString(state.head().epoch()))
        .put("head", state.head().offset())
        .put("oldest", state.oldest())
        .put("per_minute", state.perMinute())
        .put("followers", followers)
        .put("silent", new JsonArray(state.silent()))
        .put("data", data);
  }

  private static JsonObject view(NodeFollowers of) {
    return new JsonObject()
        .put("node", of.node())
        .put("wire", of.wire())
        .put("count", of.count())
        .put("lowest_offset", of.lowest())
        .put("lag", of.lag());
  }

  private static JsonObject view(StreamEvent event) {
    return new JsonObject()
        .put("epoch", Long.toString(event.position().epoch()))
        .put("offset", event.position().offset())
        .put("at", Views.time(event.atMs()))
        .put("type", event.type())
        .put("actor", event.actor())
        .put("bytes", event.bytes())
        .put("payload", event.payload())
        .put("folded", event.folded())
        .put("hidden", event.hidden())
        .put("flag", event.flag());
  }

  private Future<Response> frames(ApiRequest request) {
    Input in = request.input();
    var position = Position.ofClient(in.textOrEmpty("epoch"), in.id("offset"));
    return request
        .ask(
            new StreamQuery.ReadFrames(
                topic(request), rights(request), position, in.textOrEmpty("seat")))
        .map(frames -> Response.ok(JsonObject.of("data", view(frames))));
  }

  private static JsonArray view(List<SentFrame> frames) {
    var data = new JsonArray();
    frames.forEach(
        frame ->
            data.add(
                JsonObject.of(
                    "wire", frame.wire(),
                    "topic", frame.topic(),
                    "form", frame.form(),
                    "text", frame.text(),
                    "bytes", frame.bytes())));
    return data;
  }

  private Future<Response> testResume(ApiRequest request) {
    Input in = request.input();
    Long player = in.number("user_id");
    return request
        .ask(
            new StreamQuery.TestResume(
                topic(request),
                rights(request),
                in.textOrEmpty("epoch"),
                in.id("offset"),
                player == null ? null : new PlayerId(player)))
        .map(
            outcome ->
                Response.ok(
                    new JsonObject()
                        .put("recovered", outcome.recovered())
                        .put("rule", outcome.rule())
                        .put("epoch", Long.toString(outcome.position().epoch()))
                        .put("offset", outcome.position().offset())
                        .put("oldest", outcome.oldest())
                        .put("missed", outcome.missed())
                        .put("data", view(outcome.frames()))));
  }
}
