package dev.rookery.protocol.gamend;

import static dev.rookery.protocol.gamend.StreamSubscription.UPDATED;

import dev.rookery.base.Event;
import dev.rookery.base.PartyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.base.Refusal;
import dev.rookery.base.Topic;
import dev.rookery.bus.Bus;
import dev.rookery.fanout.Delivery;
import dev.rookery.fanout.EventEncoder;
import dev.rookery.fanout.FanOut;
import dev.rookery.party.PartyCommand;
import dev.rookery.party.PartyEvent;
import dev.rookery.party.PartySnapshot;
import dev.rookery.protocol.gamend.StreamSubscription.MembershipEvents;
import dev.rookery.protocol.phoenix.Push;
import dev.rookery.session.Session;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The {@code party:<id>} topic (Gamend realtime contract, section 2.12): the events of a party, for
 * its members. The channel is closed when the member leaves or the party ends.
 */
final class PartyChannel extends MemberChannel<PartySnapshot> {
  static final String PREFIX = "party:";

  static final EventEncoder<List<StreamPush>> ENCODER = StreamPush.encoder(PartyChannel::pushes);

  private final Bus bus;

  PartyChannel(String topic, @Nullable Session session, Bus bus, FanOut fanOut) {
    super(topic, PREFIX, "invalid_topic_or_unauthenticated", session, fanOut);
    this.bus = bus;
  }

  @Override
  String stream(long id) {
    return Topic.party(new PartyId(id));
  }

  @Override
  MembershipEvents membership(PlayerId own) {
    return membershipOf(own);
  }

  static MembershipEvents membershipOf(PlayerId own) {
    return new MembershipEvents(
        event -> isOwnJoin(event, own), event -> endsMembership(event, own));
  }

  @Override
  EventEncoder<List<StreamPush>> encoder() {
    return ENCODER;
  }

  @Override
  Future<PartySnapshot> admit(long id, PlayerId player) {
    return bus.ask(new PartyCommand.Watch(player, new PartyId(id)));
  }

  @Override
  @Nullable String reason(Refusal refusal) {
    return switch (refusal) {
      case Refusal.Denied _, Refusal.Missing _ -> "not_a_member";
      case Refusal.Conflict _, Refusal.Invalid _, Refusal.Limited _, Refusal.Unavailable _ -> null;
    };
  }

  @Override
  Position position(PartySnapshot admission) {
    return admission.position();
  }

  @Override
  JsonObject snapshot(PartySnapshot admission) {
    return Views.partyFull(admission.party(), admission.members());
  }

  private static boolean isOwnJoin(Event event, PlayerId own) {
    return event instanceof PartyEvent.Joined(_, var player) && player.id().equals(own);
  }

  /** A player who left or was removed receives that event as the last one. */
  private static boolean endsMembership(Event event, PlayerId own) {
    return switch (event) {
      case PartyEvent.Left left -> left.player().equals(own);
      case PartyEvent.Kicked kicked -> kicked.player().equals(own);
      case PartyEvent.Disbanded _ -> true;
      default -> false;
    };
  }

  /** A join makes two pushes: the contract also announces it as a change of the member. */
  private static List<Push> pushes(Delivery delivery) {
    if (delivery.posted().event() instanceof PartyEvent.Joined(_, var player)) {
      JsonObject member = Views.memberBrief(player);
      return List.of(
          new Push(delivery.topic(), "member_updated", member),
          new Push(delivery.topic(), "member_joined", member));
    }
    return StreamPush.oneOrNone(push(delivery));
  }

  private static @Nullable Push push(Delivery delivery) {
    Event event = delivery.posted().event();
    return event instanceof PartyEvent own
        ? push(delivery.topic(), own)
        : MemberPushes.push(delivery.topic(), event);
  }

  private static @Nullable Push push(String topic, PartyEvent event) {
    return switch (event) {
      case PartyEvent.Changed(var party, var members) ->
          new Push(topic, UPDATED, Views.partyFull(party, members));
      // The contract has one event for both.
      case PartyEvent.Left(_, var player, var name) ->
          new Push(topic, "member_left", Views.formerMember(player, name));
      case PartyEvent.Kicked(_, var player, var name) ->
          new Push(topic, "member_left", Views.formerMember(player, name));
      case PartyEvent.Disbanded(var party) ->
          new Push(topic, "disbanded", JsonObject.of("party_id", party.id().value()));
      // Handled in pushes().
      case PartyEvent.Joined _ -> null;
      // Nobody follows a party that is being created.
      case PartyEvent.Created _ -> null;
    };
  }
}
