package dev.rookery.protocol.gamend;

import dev.rookery.base.Event;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Topic;
import dev.rookery.fanout.Delivery;
import dev.rookery.fanout.EventEncoder;
import dev.rookery.fanout.WirePreview;
import dev.rookery.match.ShownPayloads;
import dev.rookery.protocol.gamend.StreamSubscription.MembershipEvents;
import dev.rookery.protocol.phoenix.Push;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The frames of the Phoenix sockets, as a client with the first join of its socket gets them: the
 * current version with a position and without, and the version before it.
 */
public final class GamendPreview implements WirePreview {
  static final String WIRE = "phoenix";

  private static final String JOIN_REF = "\"1\"";
  private static final String CURRENT = "2.0.0";
  private static final String EARLIER = "1.0.0";
  private static final String FRIENDS = "friends:";
  private static final String GROUP_MEMBERS = "group-members:";
  private static final String EXTENSION = "x:";
  private static final String TRANSIENT = "x-transient:";

  private final ShownPayloads payloads;

  /**
   * @param payloads of actions of matches that players are shown
   */
  public GamendPreview(ShownPayloads payloads) {
    this.payloads = payloads;
  }

  @Override
  public String wire() {
    return WIRE;
  }

  @Override
  public List<Frame> frames(Delivery delivery, String seat) {
    String topic = delivery.topic();
    if (topic.startsWith(Topic.PLAYER)) {
      return ofStream(delivery, UserPushes.ENCODER);
    }
    if (topic.startsWith(LobbyChannel.PREFIX)) {
      return ofStream(delivery, LobbyChannel.ENCODER);
    }
    if (topic.startsWith(PartyChannel.PREFIX)) {
      return ofStream(delivery, PartyChannel.ENCODER);
    }
    if (topic.startsWith(GroupChannel.PREFIX)) {
      return ofStream(delivery, GroupChannel.ENCODER);
    }
    if (topic.startsWith(MatchChannel.PREFIX)) {
      return ofStream(delivery, new MatchChannel.SeatEncoder(topic, seat, payloads));
    }
    if (topic.startsWith(EXTENSION)) {
      return ofStream(delivery, ExtensionChannel.STORED);
    }
    if (topic.startsWith(TRANSIENT)) {
      return ofFeed(delivery, ExtensionChannel.TRANSIENT);
    }
    if (topic.startsWith(FRIENDS)) {
      return ofFeed(delivery, UserPushes.FRIENDS_ENCODER);
    }
    if (topic.startsWith(GROUP_MEMBERS)) {
      return ofFeed(delivery, GroupChannel.PRESENCE_ENCODER);
    }
    return switch (topic) {
      case Topic.LOBBIES -> ofFeed(delivery, LobbiesChannel.ENCODER);
      case Topic.GROUPS -> ofFeed(delivery, GroupsChannel.ENCODER);
      default -> List.of();
    };
  }

  private static List<Frame> ofStream(Delivery delivery, EventEncoder<List<StreamPush>> encoder) {
    var frames = new ArrayList<Frame>();
    for (StreamPush push : encoder.encode(delivery)) {
      frames.add(frame("2.0.0 with resume", push.withPosition(), CURRENT, true));
      frames.add(frame(CURRENT, push.withoutPosition(), CURRENT, false));
      frames.add(frame(EARLIER, push.withoutPosition(), EARLIER, false));
    }
    return frames;
  }

  private static List<Frame> ofFeed(Delivery delivery, EventEncoder<List<Push>> encoder) {
    var frames = new ArrayList<Frame>();
    for (Push push : encoder.encode(delivery)) {
      frames.add(frame(CURRENT, push, CURRENT, false));
      frames.add(frame(EARLIER, push, EARLIER, false));
    }
    return frames;
  }

  private static Frame frame(String form, Push push, String version, boolean hasPosition) {
    return new Frame(
        form,
        new String(push.frame(version, JOIN_REF).payload(), StandardCharsets.UTF_8),
        hasPosition);
  }

  @Override
  public boolean readmits(String topic, Event event, long player) {
    var id = new PlayerId(player);
    MembershipEvents membership =
        topic.startsWith(LobbyChannel.PREFIX)
            ? LobbyChannel.membershipOf(id)
            : topic.startsWith(PartyChannel.PREFIX)
                ? PartyChannel.membershipOf(id)
                : topic.startsWith(GroupChannel.PREFIX)
                    ? GroupChannel.membershipOf(id)
                    : topic.startsWith(MatchChannel.PREFIX)
                        ? MatchChannel.MEMBERSHIP
                        : MembershipEvents.NONE;
    return membership.readmits(event);
  }
}
