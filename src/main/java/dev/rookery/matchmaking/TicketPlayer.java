package dev.rookery.matchmaking;

import dev.rookery.base.PlayerId;

/**
 * One player of a ticket.
 *
 * @param mu how strong he is believed to be
 * @param sigma how sure that is
 */
public record TicketPlayer(PlayerId player, String uuid, String name, double mu, double sigma) {
  public static final double MU_DEFAULT = 25;
  public static final double SIGMA_DEFAULT = 8.333;
}
