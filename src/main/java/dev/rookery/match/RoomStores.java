package dev.rookery.match;

/**
 * The tables of rooms.
 *
 * @param rooms the rooms
 * @param seats the seats that are taken in them
 * @param users the rooms of a user
 * @param sockets the open sockets of rooms
 * @param matches the records and snapshots of the matches in rooms
 */
record RoomStores(
    RoomStore rooms,
    SeatStore seats,
    UserRoomStore users,
    RoomSocketStore sockets,
    MatchStore matches) {
  RoomStores() {
    this(
        new RoomStore(),
        new SeatStore(),
        new UserRoomStore(),
        new RoomSocketStore(),
        new MatchStore());
  }
}
