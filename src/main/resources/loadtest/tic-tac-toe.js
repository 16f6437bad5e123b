// Tic-tac-toe, the same as dev.rookery.game.TicTacToe.

const MARKS = ["X", "O"];
const LINES = [
  [0, 1, 2], [0, 3, 6], [3, 4, 5], [1, 4, 7], [6, 7, 8], [2, 5, 8], [0, 4, 8], [2, 4, 6]
];

const lineOwner = (board) => {
  const squares = board.flat();
  const line = LINES.find(([a, b, c]) =>
    squares[a] !== null && squares[a] === squares[b] && squares[a] === squares[c]);
  return line ? squares[line[0]] : null;
};
const isFull = (board) => board.every((row) => row.every((square) => square !== null));
const isIndex = (value) => Number.isInteger(value) && value >= 0 && value < 3;
const publicView = ({ G, turn }) => ({ board: G.board, currentPlayer: turn.currentPlayer });

const game = defineGame({
  maxPlayers: 2,
  setup: () => ({ board: [[null, null, null], [null, null, null], [null, null, null]] }),
  moves: {
    placeMark: ({ G, match, move, player }, square) => {
      if (!isIndex(square?.row) || !isIndex(square?.col)) {
        return move.invalid("invalid_square", {});
      }
      const { row, col } = square;
      if (G.board[row][col] !== null) {
        return move.invalid("occupied", { col, row });
      }
      const board = G.board.map((each) => [...each]);
      board[row][col] = MARKS[match.players.indexOf(player.id)];
      if (lineOwner(board) !== null) {
        return move.finish({ winner: player.id }, { board });
      }
      return isFull(board) ? move.finish({ draw: true }, { board }) : move.endTurn({ board });
    }
  },
  computed: {
    boardFull: ({ G }) => isFull(G.board),
    winner: ({ G, match }) => {
      const mark = lineOwner(G.board);
      return mark === null ? null : match.players[MARKS.indexOf(mark)];
    }
  },
  views: {
    public: publicView,
    player: (ctx, { id }) => ({ ...publicView(ctx), myMark: MARKS[ctx.match.players.indexOf(id)] })
  }
});
