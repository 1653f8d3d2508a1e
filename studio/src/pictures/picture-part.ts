/** What is loaded when pictures are first seen or added: one file, since each more splits what the studio shares. */
export { PictureList } from "./PictureList.js";
export { PictureRoom } from "./PictureRoom.js";
export { takeAvatar, takeFace, takePictures } from "./take-pictures.js";
