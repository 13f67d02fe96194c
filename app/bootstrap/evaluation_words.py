"""The words of an evaluation's report, Chinese and English side by side.

For whoever evaluates at an institution, not for learners; so they stand here, as those of
the other commands do, and not among the texts of the window.
"""

from __future__ import annotations

DECISIONS = {
    "accepted": ("通过", "accepted"),
    "referred": ("待复核", "referred for review"),
    "rejected": ("未通过", "rejected"),
    "no_response": ("无法判断", "could not be judged"),
}

REASONS = {
    "": ("", ""),
    "other_person": ("中途不像同一个人", "somebody else is seen in the course of the clip"),
    "unsure_person": ("不能确定是同一个人", "whether it is the same person is not clear"),
    "not_answered": ("规定时间内没有看到这个动作", "the action was not seen in its time"),
    "several_faces": ("画面中不止一个人", "more than one person is to be seen"),
    "absent": ("做动作时看不到人脸", "no face was to be seen during the action"),
    "wrong_action": ("做了别的动作", "another action was done"),
    "print": ("转动时脸是平的", "the face stayed flat while it turned"),
    "too_dark": ("脸部太暗", "the face is too dark"),
    "covered_face": ("口罩或墨镜遮住了脸", "a mask or dark glasses cover the face"),
    "risk": ("迹象可疑，需要复核", "there are signs of a deception, somebody has to look"),
    "no_face": ("几乎看不到人脸", "hardly a face is to be seen"),
    "clip_ended": (
        "动作做完并回到正面之前，录像已结束",
        "the clip ended before the action was done and the face was neutral again",
    ),
    "after_the_end": (
        "动作时间在录像结束之后",
        "the action is said to come after the end of the clip",
    ),
    "empty_file": ("文件是空的", "the file is empty"),
    "unreadable": ("无法解码，不是完好的视频", "it can't be decoded as a video"),
    "no_pictures": ("视频中没有可解码的画面", "no picture in it can be decoded"),
    "too_large": ("画面尺寸过大", "its pictures are too large"),
    "odd_pictures": ("画面格式无法识别", "its pictures are of a form that can't be judged"),
}

HINTS = {
    "": ("", ""),
    "no_face": ("没有人脸", "no face"),
    "several_faces": ("不止一人", "several people"),
    "too_dark": ("太暗", "too dark"),
    "too_bright": ("太亮", "too bright"),
    "too_far": ("离得太远", "too far away"),
    "too_close": ("离得太近", "too close"),
    "off_centre": ("不在画面中间", "not in the middle"),
    "face_front": ("没有正对摄像头", "not facing the camera"),
    "hold_still": ("晃动或模糊", "moving or blurred"),
    "take_off_mask": ("戴着口罩", "a mask"),
    "take_off_glasses": ("戴着墨镜", "dark glasses"),
    "camera_covered": ("摄像头被遮住", "the camera is covered"),
}

REMARKS = {
    "not_json": ("说明文件不是 JSON，未采用", "the statement is no JSON and was not used"),
    "not_an_object": ("说明文件不是 JSON 对象", "the statement is no JSON object"),
    "person_odd": ("person 不是文字，未采用", "person is no text and was not used"),
    "actions_odd": ("actions 的写法不对，未采用", "actions is written wrongly and was not used"),
    "action_unknown": ("不认识的动作，未采用", "an unknown action, not used"),
    "time_odd": ("at_s 不是可用的秒数，未采用", "at_s is no usable number of seconds, not used"),
    "dot_unknown": (
        "follow_dot 没有写明 dot 的位置，未采用",
        "follow_dot doesn't say where the dot stands, not used",
    ),
    "after_the_end": ("动作时间在录像结束之后", "an action after the end of the clip"),
    "cut": ("只看了前 600 秒", "only the first 600 s were looked at"),
    "no_label": ("不在任何标签文件夹中，不计入比率", "in no label's folder: counts to no rate"),
    "no_turn": ("没有转头动作，单凭这些动作不足以证明", "no turn among the actions: weak proof"),
}

_LIGHT = (
    "录像中没有屏幕光，因此不检查反光；比率按 ISO/IEC 30107-3 分类型计算。",
    (
        "No screen light is known for a recording, so reflection is not judged. Rates are those of "
        "ISO/IEC 30107-3, each kind of attack by itself."
    ),
)
_FILE = (
    (
        "压缩会抹去噪点并重复画面，容器计时过于准确：这些迹象列出但不计入风险，"
        "所以本命令看不出注入的画面。"
    ),
    (
        "Compression takes grain away and repeats pictures, containers count time exactly: those "
        "signs are told but weigh nothing, so injected streams can't be recognised here."
    ),
)
_PASSIVE = (
    "没有动作说明的录像只按迹象和在场判断，单独统计。",
    "Clips without stated actions are judged by signs and presence alone, and counted apart.",
)
LIMITS = (_LIGHT, _FILE, _PASSIVE)
