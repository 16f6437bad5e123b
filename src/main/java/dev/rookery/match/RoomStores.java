package dev.rookery.match;

/**
 * The tables of rooms.
 *
 * @param rooms rooms and their seats
 * @param users the rooms of a user
 * @param sockets the open sockets of rooms
 * @param matches the records and snapshots of the matches in rooms
 */
record RoomStores(
    RoomStore rooms, UserRoomStore users, RoomSocketStore sockets, MatchStore matches) {
  RoomStores() {
    this(new RoomStore(), new UserRoomStore(), new RoomSocketStore(), new MatchStore());
  }
}
