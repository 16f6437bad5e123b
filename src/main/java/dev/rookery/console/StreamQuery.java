package dev.rookery.console;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.bus.Command;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Questions of operators about the topics that clients follow. Each is refused with {@code
 * Missing("unknown_topic")} or {@code Denied("missing_permission")}.
 */
public sealed interface StreamQuery<R> extends Command<R> {
  String ADDRESS = "console.streams";
  int EVENTS_MAX = 500;

  @Override
  default String address() {
    return ADDRESS;
  }

  String topic();

  /** The permissions of the admin that decide what is shown; see {@link StreamRights#of}. */
  Set<Permission> rights();

  /** How a topic is, and who follows it on all nodes. */
  record FindStream(String topic, Set<Permission> rights) implements StreamQuery<StreamState> {}

  /**
   * How a topic is.
   *
   * @param feed whether it has neither positions nor a history; then only its followers are known
   * @param head the position of the newest event; {@link Position#START} if there is none
   * @param oldest the offset of the oldest event that is kept; 0 if there is none
   * @param perMinute how many events the last minute had, of the newest 5,000
   * @param types of the events that are kept
   * @param silent the names of living nodes that did not answer
   */
  record StreamState(
      boolean feed,
      Position head,
      long oldest,
      long perMinute,
      List<String> types,
      List<NodeFollowers> followers,
      List<String> silent) {}

  /**
   * The followers of a topic on a node over a wire.
   *
   * @param lowest the offset of the one that is furthest behind; null if there is none
   * @param lag how many events that one is behind
   */
  record NodeFollowers(String node, String wire, int count, @Nullable Long lowest, long lag) {}

  /**
   * Events of a stream in order.
   *
   * @param head of the stream, whose epoch is read
   * @param from the first offset; 0 for the newest events
   * @param type of the events; empty for all
   * @param max at most {@value #EVENTS_MAX}
   */
  record ReadEvents(
      String topic, Set<Permission> rights, Position head, long from, String type, int max)
      implements StreamQuery<List<StreamEvent>> {}

  /**
   * The events of a stream after a position, at most {@value #EVENTS_MAX}: of more than that, some
   * at regular distances.
   *
   * @param after null to begin with the next event
   */
  record FollowEvents(String topic, Set<Permission> rights, @Nullable Position after, String type)
      implements StreamQuery<NewEvents> {}

  /**
   * Events that were added.
   *
   * @param position up to which they were read
   * @param leftOut how many there were beside them
   */
  record NewEvents(List<StreamEvent> events, Position position, long leftOut) {}

  /**
   * The events of a feed with a number above {@code after}. The node begins to follow the feed with
   * the first question, and ends when nobody has asked for 10 s. {@code Limited("too_many_feeds")}.
   *
   * @param after 0 for those that follow
   */
  record FollowFeed(String topic, Set<Permission> rights, long after)
      implements StreamQuery<NewFeedEvents> {}

  /**
   * Events that were heard.
   *
   * @param newest the number of the newest one
   * @param leftOut how many were dropped because too many came at once
   */
  record NewFeedEvents(List<StreamEvent> events, long newest, long leftOut) {}

  /** An event with its whole payload, up to 256 Ki characters. {@code Missing("not_found")}. */
  record FindEvent(String topic, Set<Permission> rights, Position position)
      implements StreamQuery<EventDetail> {}

  /** An event and its payload as it is stored; empty if it is hidden. */
  record EventDetail(StreamEvent event, String payload) {}

  /**
   * What the sockets of each wire send for an event, on its stream and its feeds; empty if the
   * payload of the event is hidden from the admin. {@code Missing("not_found")}.
   *
   * @param seat of a match, whose view is shown; empty for what everybody sees
   */
  record ReadFrames(String topic, Set<Permission> rights, Position position, String seat)
      implements StreamQuery<List<SentFrame>> {}

  /**
   * A frame as a wire sends it.
   *
   * @param form which of the forms of the wire; empty if it has one
   */
  record SentFrame(String wire, String topic, String form, String text, int bytes) {}

  /**
   * What the server would answer to a client that resumes a stream.
   *
   * @param epoch as the client sends it
   * @param player who resumes; null to leave memberships aside
   */
  record TestResume(
      String topic, Set<Permission> rights, String epoch, long offset, @Nullable PlayerId player)
      implements StreamQuery<ResumeOutcome> {}

  /**
   * The decision about a resume.
   *
   * @param rule {@code recovered}, or why the client must reload, as the metric of resumes has it
   * @param oldest the offset of the oldest event that is kept
   * @param missed how many events would be sent
   * @param frames the first of the frames that would be sent to a client with positions
   */
  record ResumeOutcome(
      boolean recovered,
      String rule,
      Position position,
      long oldest,
      int missed,
      List<SentFrame> frames) {}
}
