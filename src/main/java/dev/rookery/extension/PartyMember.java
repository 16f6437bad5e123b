package dev.rookery.extension;

/**
 * A member of a party, or one who was. Created by the server alone; later versions may add
 * components.
 *
 * @param displayName empty if they have none
 * @param party after the change
 */
public record PartyMember(long userId, String displayName, Party party) {}
