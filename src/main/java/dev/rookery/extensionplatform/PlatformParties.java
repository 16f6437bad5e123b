package dev.rookery.extensionplatform;

import dev.rookery.base.PartyId;
import dev.rookery.base.PlayerId;
import dev.rookery.extension.Parties;
import dev.rookery.extension.Party;
import dev.rookery.extension.PartyInvite;
import dev.rookery.extension.ResultPage;
import dev.rookery.party.PartyCommand;
import dev.rookery.party.PartySnapshot;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@link Parties} by commands. */
final class PlatformParties implements Parties {
  private final PlatformBus bus;

  PlatformParties(PlatformBus bus) {
    this.bus = bus;
  }

  @Override
  public @Nullable Party findOf(long userId) {
    var found = bus.find(new PartyCommand.Show(new PlayerId(userId)));
    return found == null ? null : Views.party(found.party());
  }

  @Override
  public List<Long> memberIds(long userId) {
    var party = bus.find(new PartyCommand.Show(new PlayerId(userId)));
    return party == null ? List.of() : memberIds(party);
  }

  private static List<Long> memberIds(PartySnapshot party) {
    return party.members().stream().map(member -> member.id().value()).toList();
  }

  @Override
  public @Nullable Party find(long partyId) {
    var found = bus.find(new PartyCommand.Find(new PartyId(partyId)));
    return found == null ? null : Views.party(found.party());
  }

  @Override
  public List<Long> memberIdsOf(long partyId) {
    return memberIds(bus.ask(new PartyCommand.Find(new PartyId(partyId))));
  }

  @Override
  public ResultPage<Party> listAll(int page, int pageSize) {
    var list = new PartyCommand.ListAll(PlatformBus.page(page, pageSize));
    return PlatformBus.result(bus.ask(list), Views::party);
  }

  @Override
  public long countMembers() {
    return bus.ask(new PartyCommand.CountMembers());
  }

  @Override
  public Party updateAny(
      long partyId, @Nullable Integer maxSize, @Nullable Map<String, Object> metadata) {
    var update = new PartyCommand.UpdateAny(new PartyId(partyId), maxSize, metadata, null);
    return Views.party(bus.ask(update).party());
  }

  @Override
  public void disband(long partyId) {
    bus.ask(new PartyCommand.Disband(new PartyId(partyId)));
  }

  @Override
  public void kickFromAny(long partyId, long targetId) {
    bus.ask(new PartyCommand.KickFromAny(new PartyId(partyId), new PlayerId(targetId)));
  }

  @Override
  public Party create(long leaderId, @Nullable Integer maxSize, Map<String, Object> metadata) {
    var create = new PartyCommand.Create(new PlayerId(leaderId), maxSize, metadata, null);
    return Views.party(bus.ask(create).party());
  }

  @Override
  public Party update(
      long leaderId, @Nullable Integer maxSize, @Nullable Map<String, Object> metadata) {
    var update = new PartyCommand.Update(new PlayerId(leaderId), maxSize, metadata);
    return Views.party(bus.ask(update).party());
  }

  @Override
  public void leave(long userId) {
    bus.ask(new PartyCommand.Leave(new PlayerId(userId), null));
  }

  @Override
  public void kick(long leaderId, long targetId) {
    bus.ask(new PartyCommand.Kick(new PlayerId(leaderId), new PlayerId(targetId), null));
  }

  @Override
  public void invite(long leaderId, long targetId) {
    bus.ask(new PartyCommand.Invite(new PlayerId(leaderId), new PlayerId(targetId)));
  }

  @Override
  public void cancelInvite(long leaderId, long targetId) {
    bus.ask(new PartyCommand.CancelInvite(new PlayerId(leaderId), new PlayerId(targetId)));
  }

  @Override
  public Party acceptInvite(long userId, long partyId) {
    var accept = new PartyCommand.Accept(new PlayerId(userId), new PartyId(partyId), null);
    return Views.party(bus.ask(accept).party());
  }

  @Override
  public void declineInvite(long userId, long partyId) {
    bus.ask(new PartyCommand.Decline(new PlayerId(userId), new PartyId(partyId)));
  }

  @Override
  public List<PartyInvite> invitesTo(long userId) {
    return bus.ask(new PartyCommand.ListInvites(new PlayerId(userId))).stream()
        .map(Views::invite)
        .toList();
  }

  @Override
  public List<PartyInvite> invitesBy(long userId) {
    return bus.ask(new PartyCommand.ListSentInvites(new PlayerId(userId))).stream()
        .map(Views::invite)
        .toList();
  }
}
