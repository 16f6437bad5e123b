package dev.rookery.matchmaking;

import java.util.List;

/**
 * A party that looks for a match together, and stays together in it.
 *
 * @param notBeforeMs when it may be tried again
 */
record Ticket(
    long id,
    String uuid,
    Criteria criteria,
    List<TicketPlayer> party,
    long createdMs,
    long notBeforeMs) {
  Ticket {
    party = List.copyOf(party);
  }

  int players() {
    return party.size();
  }

  double mu() {
    return party.stream().mapToDouble(TicketPlayer::mu).average().orElse(TicketPlayer.MU_DEFAULT);
  }

  double sigma() {
    return party.stream()
        .mapToDouble(TicketPlayer::sigma)
        .average()
        .orElse(TicketPlayer.SIGMA_DEFAULT);
  }
}
