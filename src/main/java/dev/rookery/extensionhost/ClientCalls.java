package dev.rookery.extensionhost;

import dev.rookery.base.PlayerId;
import dev.rookery.extension.Caller;
import dev.rookery.extension.ChannelMember;
import dev.rookery.extension.HttpCall;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The calls that clients make of the extensions of this node: of their functions, their topics, and
 * the requests that they answer. No method blocks.
 */
public final class ClientCalls {
  private final ActiveVersions active;
  private final UserLookup users;

  ClientCalls(ActiveVersions active, UserLookup users) {
    this.active = active;
    this.users = users;
  }

  /**
   * Calls a function. The result completes on the context of the caller and does not fail.
   *
   * @param arguments plain JSON values, which are not changed afterwards
   */
  public Future<CallOutcome> call(
      String extension, String function, List<?> arguments, PlayerId player) {
    return active.run(
        extension, instance -> instance.invocations().call(function, arguments, player));
  }

  /** Whether an extension serves this topic. */
  public boolean serves(ExtensionTopic topic) {
    ExtensionInstance serving = active.find(topic.extension());
    return serving != null && serving.channels().find(topic.topic()) != null;
  }

  /** A client that joins a topic of an extension, as the extension sees it. */
  public ChannelMember member(String id, ExtensionTopic topic, @Nullable PlayerId player) {
    return new ChannelMember(id, topic.topic(), player == null ? null : caller(player));
  }

  /**
   * Asks whether a client may join a topic. The outcome has a {@link ChannelAdmission}; the result
   * completes on the context of the caller and does not fail.
   */
  public Future<CallOutcome> join(String extension, ChannelMember member, JsonObject payload) {
    return active.run(extension, instance -> instance.invocations().join(member, payload));
  }

  /** Handles a message of a client that has joined. The outcome has a {@link JsonObject}. */
  public Future<CallOutcome> message(
      String extension, ChannelMember member, String event, JsonObject payload) {
    return active.run(
        extension, instance -> instance.invocations().message(member, event, payload));
  }

  /** Whether an extension answers any requests. */
  public boolean servesPages(String extension) {
    ExtensionInstance serving = active.find(extension);
    return serving != null && !serving.http().isEmpty();
  }

  /** A player as extensions see them. */
  public Caller caller(PlayerId player) {
    return new PlayerCaller(player, users);
  }

  /** Answers a request. The outcome has a {@link dev.rookery.extension.HttpReply}. */
  public Future<CallOutcome> http(String extension, HttpCall request) {
    return active.run(extension, instance -> instance.invocations().http(request));
  }

  /** Tells the extension that a client has left a topic. */
  public Future<CallOutcome> leave(String extension, ChannelMember member) {
    return active.run(extension, instance -> instance.invocations().leave(member));
  }

  /** The functions of all extensions, by extension and name. */
  public List<FunctionListing> functions() {
    return active.byExtension(ExtensionInstance::functions, _ -> false).entrySet().stream()
        .flatMap(entry -> entry.getValue().list(entry.getKey()).stream())
        .sorted(
            Comparator.comparing(FunctionListing::extension).thenComparing(FunctionListing::name))
        .toList();
  }
}
