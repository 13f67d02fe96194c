<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="zh_CN">
<context>
    <name>Camera</name>
    <message>
        <source>确认是您本人</source>
        <translation>Confirm that it is you</translation>
    </message>
    <message>
        <source>光线照在脸上，不要背光</source>
        <translation>Light on your face, not behind you</translation>
    </message>
    <message>
        <source>脸在椭圆里，眼睛看屏幕</source>
        <translation>Face in the oval, eyes on the screen</translation>
    </message>
    <message>
        <source>画面里只有您一个人</source>
        <translation>Only you in the picture</translation>
    </message>
    <message>
        <source>摘下口罩、墨镜和安全帽</source>
        <translation>No mask, sunglasses or helmet</translation>
    </message>
    <message>
        <source>进入班级</source>
        <translation>Enter my class</translation>
    </message>
    <message>
        <source>再试一次</source>
        <translation>Try again</translation>
    </message>
    <message>
        <source>模拟学员</source>
        <translation>Simulated learner</translation>
    </message>
    <message>
        <source>朗读提示</source>
        <translation>Read instructions aloud</translation>
    </message>
    <message>
        <source>这台电脑没有可用的语音，不能朗读。</source>
        <translation>This computer has no voice installed, so it can&apos;t read aloud.</translation>
    </message>
    <message>
        <source>您的摄像头画面</source>
        <translation>Your camera picture</translation>
    </message>
    <message>
        <source>与登记照片的相似度 {value}</source>
        <translation>Similarity to the enrolled photo: {value}</translation>
    </message>
    <message>
        <source>与登记的照片一致</source>
        <translation>Matches the enrolled photo</translation>
    </message>
    <message>
        <source>您好，我是模拟学员</source>
        <translation>Hello, I am a simulated learner</translation>
    </message>
    <message>
        <source>我由电脑生成，不是真人。这次演示没有使用摄像头，由我代替您。</source>
        <translation>I am computer-generated, not a real person. This demonstration uses no camera; I take your place.</translation>
    </message>
    <message>
        <source>正在打开摄像头</source>
        <translation>Opening the camera</translation>
    </message>
    <message>
        <source>通常只要几秒</source>
        <translation>This takes a few seconds</translation>
    </message>
    <message>
        <source>请面向摄像头，把脸放进椭圆</source>
        <translation>Face the camera and fit your face in the oval</translation>
    </message>
    <message>
        <source>请跟着提示做动作</source>
        <translation>Please follow the instructions</translation>
    </message>
    <message>
        <source>做完就可以开始学习。</source>
        <translation>After that you can start studying.</translation>
    </message>
    <message>
        <source>请保持不动，正在核对</source>
        <translation>Please hold still while we compare</translation>
    </message>
    <message>
        <source>核验通过，是您本人</source>
        <translation>Confirmed: it is you</translation>
    </message>
    <message>
        <source>可以开始学习了。</source>
        <translation>You can start studying.</translation>
    </message>
    <message>
        <source>登记完成</source>
        <translation>You are enrolled</translation>
    </message>
    <message>
        <source>以后登录时会与这次的画面核对。</source>
        <translation>From now on, sign-in compares with this picture.</translation>
    </message>
    <message>
        <source>没能确认是您本人</source>
        <translation>We could not confirm that it is you</translation>
    </message>
    <message>
        <source>选择摄像头</source>
        <translation>Choose a camera</translation>
    </message>
    <message>
        <source>更换摄像头</source>
        <translation>Use another camera</translation>
    </message>
    <message>
        <source>摄像头：{name}</source>
        <translation>Camera: {name}</translation>
    </message>
</context>
<context>
    <name>Check</name>
    <message>
        <source>请慢慢向左转头</source>
        <translation>Slowly turn your head to the left</translation>
    </message>
    <message>
        <source>请慢慢向右转头</source>
        <translation>Slowly turn your head to the right</translation>
    </message>
    <message>
        <source>请张开嘴，再合上</source>
        <translation>Open your mouth, then close it</translation>
    </message>
    <message>
        <source>请眨两下眼睛</source>
        <translation>Please blink twice</translation>
    </message>
    <message>
        <source>请慢慢点一下头</source>
        <translation>Please nod once, slowly</translation>
    </message>
    <message>
        <source>请看着移动的圆点</source>
        <translation>Please look at the moving dot</translation>
    </message>
    <message>
        <source>圆点在左边</source>
        <translation>The dot is on the left</translation>
    </message>
    <message>
        <source>圆点在右边</source>
        <translation>The dot is on the right</translation>
    </message>
    <message>
        <source>圆点在上边</source>
        <translation>The dot is at the top</translation>
    </message>
    <message>
        <source>圆点在下边</source>
        <translation>The dot is at the bottom</translation>
    </message>
    <message>
        <source>您可以继续学习，时间在复核后计入。</source>
        <translation>You can go on studying; the time will count after the review.</translation>
    </message>
    <message>
        <source>验证已完成，等待平台复核</source>
        <translation>Check done, waiting for the platform&apos;s review</translation>
    </message>
    <message>
        <source>请面向摄像头</source>
        <translation>Please face the camera</translation>
    </message>
    <message>
        <source>已换成其他动作</source>
        <translation>other actions chosen</translation>
    </message>
    <message>
        <source>这是最后一次</source>
        <translation>This is the last try</translation>
    </message>
    <message>
        <source>课程马上继续。</source>
        <translation>The lesson goes on in a moment.</translation>
    </message>
    <message>
        <source>正在核对是不是您本人。</source>
        <translation>Confirming that it is you.</translation>
    </message>
    <message>
        <source>验证通过</source>
        <translation>Check passed</translation>
    </message>
    <message>
        <source>还可以试 {n} 次</source>
        <translation>Attempts left: {n}</translation>
    </message>
    <message>
        <source>再试一次</source>
        <translation>Try again</translation>
    </message>
    <message>
        <source>我做不了这个动作</source>
        <translation>I can&apos;t do this action</translation>
    </message>
    <message>
        <source>换成其他动作，不影响验证</source>
        <translation>Ask for other actions; the check is just as good</translation>
    </message>
    <message>
        <source>第 {i} 个动作，共 {n} 个</source>
        <translation>Action {i} of {n}</translation>
    </message>
    <message>
        <source>剩余 {n} 秒</source>
        <translation>{n} seconds left</translation>
    </message>
</context>
<context>
    <name>CheckFailure</name>
    <message>
        <source>画面不够清楚，没能确认是您本人</source>
        <translation>The picture was not clear enough to confirm that it is you</translation>
    </message>
    <message>
        <source>没有在规定时间内做完动作</source>
        <translation>The action was not finished in time</translation>
    </message>
    <message>
        <source>画面中不止一个人</source>
        <translation>More than one person is in the picture</translation>
    </message>
    <message>
        <source>画面中没有看到您</source>
        <translation>We could not see you in the picture</translation>
    </message>
    <message>
        <source>请坐到摄像头前，脸在画面中间。</source>
        <translation>Please sit in front of the camera, your face in the middle.</translation>
    </message>
    <message>
        <source>没能确认画面中是登记的学员</source>
        <translation>We couldn&apos;t confirm that this is the registered learner</translation>
    </message>
    <message>
        <source>请由您本人面向摄像头，让光线照在脸上。</source>
        <translation>Please face the camera yourself, with light on your face.</translation>
    </message>
    <message>
        <source>请让光线照在脸上，靠近一些，擦一擦镜头。</source>
        <translation>Please get some light on your face, come a little closer, and wipe the lens.</translation>
    </message>
    <message>
        <source>口罩或墨镜挡住了脸，没能看清</source>
        <translation>A mask or dark glasses hid your face</translation>
    </message>
    <message>
        <source>请摘下再试，验证后可以再戴上。不便摘下请联系培训机构。</source>
        <translation>Please take them off; you can put them on again afterwards. If you can&apos;t, please ask your training school.</translation>
    </message>
    <message>
        <source>请看着屏幕，按提示一步一步做。</source>
        <translation>Please watch the screen and do it step by step.</translation>
    </message>
    <message>
        <source>请让旁边的人离开画面，墙上的人像也请避开。</source>
        <translation>Please ask others to leave the picture, and keep portraits on the wall out of it.</translation>
    </message>
    <message>
        <source>做的动作与提示不一样</source>
        <translation>The action was not the one asked for</translation>
    </message>
    <message>
        <source>请看着箭头，按提示一个一个慢慢做。</source>
        <translation>Please watch the arrow and do one action at a time, slowly.</translation>
    </message>
    <message>
        <source>没能看清面部的立体变化</source>
        <translation>We couldn&apos;t see the shape of your face clearly</translation>
    </message>
    <message>
        <source>请直接面向摄像头，转头时慢一些，幅度大一些。</source>
        <translation>Please face the camera directly, and turn your head slowly and further.</translation>
    </message>
    <message>
        <source>光线太暗，没能看清</source>
        <translation>Too dark to see clearly</translation>
    </message>
    <message>
        <source>请开灯或面向窗户。</source>
        <translation>Please turn on a light or face a window.</translation>
    </message>
    <message>
        <source>摄像头的画面中断了</source>
        <translation>The camera picture was interrupted</translation>
    </message>
    <message>
        <source>请检查摄像头的连接，也请关闭其他使用摄像头的程序。</source>
        <translation>Please check the camera&apos;s cable, and close other programs that use the camera.</translation>
    </message>
    <message>
        <source>摄像头好像被遮住了</source>
        <translation>The camera seems to be covered</translation>
    </message>
    <message>
        <source>请打开镜头盖，移开挡住镜头的东西。</source>
        <translation>Please open the lens cover and remove whatever is in front of it.</translation>
    </message>
    <message>
        <source>还没有开始计时，之前学过的不受影响。</source>
        <translation>Nothing is being counted yet; what you studied before is not affected.</translation>
    </message>
    <message>
        <source>请调整坐姿和光线，再来一次。</source>
        <translation>Please adjust how you sit and the light, and try again.</translation>
    </message>
    <message>
        <source>之前计入的时间都在。</source>
        <translation>All time counted before is kept.</translation>
    </message>
    <message>
        <source>上次通过验证之后的 {time} 暂未计入，可以一键申诉。</source>
        <translation>The {time} since the last passed check isn&apos;t counted yet; you can appeal with one click.</translation>
    </message>
    <message>
        <source>即将退出登录，之前计入的时间都保留。</source>
        <translation>You will be signed out now; all time counted before is kept.</translation>
    </message>
    <message>
        <source>这一次没有通过</source>
        <translation>This attempt did not pass</translation>
    </message>
    <message>
        <source>请面向摄像头，按提示慢慢做。</source>
        <translation>Please face the camera and follow the instructions slowly.</translation>
    </message>
    <message>
        <source>上次验证之后的 {time} 已记录，通过后一起计入。</source>
        <translation>The {time} since the last check is recorded and will count when you pass.</translation>
    </message>
    <message>
        <source>这次验证没有完成</source>
        <translation>This check was not completed</translation>
    </message>
</context>
<context>
    <name>Class</name>
    <message>
        <source>已完成 {n} / {all} 课</source>
        <translation>{n} of {all} lessons done</translation>
    </message>
    <message>
        <source>我的课程</source>
        <translation>My courses</translation>
    </message>
    <message>
        <source>继续学习</source>
        <translation>Continue</translation>
    </message>
    <message>
        <source>重试</source>
        <translation>Retry</translation>
    </message>
    <message>
        <source>还没有给您安排课程</source>
        <translation>No course has been assigned to you yet</translation>
    </message>
    <message>
        <source>培训机构安排好以后，课程会出现在这里。</source>
        <translation>Courses appear here once your institution has arranged them.</translation>
    </message>
    <message>
        <source>已经报名的，请联系培训机构。</source>
        <translation>If you have enrolled, please contact your institution.</translation>
    </message>
    <message>
        <source>再看看</source>
        <translation>Look again</translation>
    </message>
    <message>
        <source>{name}，您好</source>
        <translation>Hello, {name}</translation>
    </message>
    <message>
        <source>正在取得您的课程</source>
        <translation>Getting your courses</translation>
    </message>
    <message>
        <source>现在没有连上培训平台。</source>
        <translation>The training platform is not connected.</translation>
    </message>
    <message>
        <source>可以继续学习，已看的时间先保存在这台电脑上。</source>
        <translation>You can go on studying; your time is kept on this computer for now.</translation>
    </message>
    <message>
        <source>网络恢复后会自动交给平台确认。</source>
        <translation>It goes to the platform by itself once the network is back.</translation>
    </message>
    <message>
        <source>您的课程都已完成。</source>
        <translation>You have completed all your courses.</translation>
    </message>
    <message>
        <source>计入的时间可以在“我的学时”里查看。</source>
        <translation>The time that counts is in &quot;My hours&quot;.</translation>
    </message>
    <message>
        <source>接着上次学习</source>
        <translation>Continue where you stopped</translation>
    </message>
    <message>
        <source>下一课</source>
        <translation>Next lesson</translation>
    </message>
    <message>
        <source>开始学习</source>
        <translation>Start</translation>
    </message>
    <message>
        <source>看完后有 {n} 道题</source>
        <translation>{n} questions after the film</translation>
    </message>
    <message>
        <source>已计入 {done} / {all}</source>
        <translation>Counted {done} / {all}</translation>
    </message>
    <message>
        <source>待确认 +{time}</source>
        <translation>waiting +{time}</translation>
    </message>
    <message>
        <source>已完成</source>
        <translation>Done</translation>
    </message>
    <message>
        <source>学习中</source>
        <translation>In progress</translation>
    </message>
    <message>
        <source>未开始</source>
        <translation>Not started</translation>
    </message>
</context>
<context>
    <name>Connection</name>
    <message>
        <source>网络地址</source>
        <translation>Address</translation>
    </message>
    <message>
        <source>找到了 {detail}。</source>
        <translation>{detail} was found.</translation>
    </message>
    <message>
        <source>通路</source>
        <translation>Way</translation>
    </message>
    <message>
        <source>经过代理服务器 {detail}。</source>
        <translation>Through the proxy server {detail}.</translation>
    </message>
    <message>
        <source>连接</source>
        <translation>Connection</translation>
    </message>
    <message>
        <source>{detail} 有应答。</source>
        <translation>{detail} responds.</translation>
    </message>
    <message>
        <source>加密</source>
        <translation>Encryption</translation>
    </message>
    <message>
        <source>加密连接没有问题。</source>
        <translation>The encrypted connection is fine.</translation>
    </message>
    <message>
        <source>平台</source>
        <translation>Platform</translation>
    </message>
    <message>
        <source>平台有回答，版本 {detail}。</source>
        <translation>The platform answers, version {detail}.</translation>
    </message>
    <message>
        <source>身份</source>
        <translation>Identity</translation>
    </message>
    <message>
        <source>与这台电脑上的平台证书一致。</source>
        <translation>It matches the platform certificate on this computer.</translation>
    </message>
    <message>
        <source>时间</source>
        <translation>Time</translation>
    </message>
    <message>
        <source>这台电脑的时间没有问题。</source>
        <translation>This computer&apos;s time is right.</translation>
    </message>
    <message>
        <source>直接连接，没有代理服务器。</source>
        <translation>Direct, without a proxy server.</translation>
    </message>
    <message>
        <source>检查网络连接</source>
        <translation>Check the connection</translation>
    </message>
    <message>
        <source>再检查一次</source>
        <translation>Check again</translation>
    </message>
    <message>
        <source>知道了</source>
        <translation>OK</translation>
    </message>
    <message>
        <source>正在检查，通常只要几秒，最多半分钟。</source>
        <translation>Checking. It usually takes a few seconds, half a minute at most.</translation>
    </message>
    <message>
        <source>连接没有问题。</source>
        <translation>The connection is fine.</translation>
    </message>
    <message>
        <source>连接有问题，请看标出的一步。</source>
        <translation>There is a problem; please see the marked step.</translation>
    </message>
</context>
<context>
    <name>Consent</name>
    <message>
        <source>学习前，请您决定是否使用人脸核验</source>
        <translation>Before you study: decide about face verification</translation>
    </message>
    <message>
        <source>同意，继续</source>
        <translation>Agree and continue</translation>
    </message>
    <message>
        <source>不使用人脸识别</source>
        <translation>Do without face recognition</translation>
    </message>
    <message>
        <source>选哪一种都可以完成培训。</source>
        <translation>You can complete your training either way.</translation>
    </message>
    <message>
        <source>不使用人脸识别，改为现场核验</source>
        <translation>Without face recognition: a check on site</translation>
    </message>
    <message>
        <source>返回说明</source>
        <translation>Back to the explanation</translation>
    </message>
    <message>
        <source>培训机构</source>
        <translation>your institution</translation>
    </message>
    <message>
        <source>{name}需要确认学习的是您本人。下面说明会怎样使用您的人脸信息。</source>
        <translation>{name} needs to confirm that it is you who studies. This is how your face would be used.</translation>
    </message>
    <message>
        <source>处理什么</source>
        <translation>What is processed</translation>
    </message>
    <message>
        <source>登记的人脸特征值加密后保存在这台电脑上，下次登录时核对。</source>
        <translation>The figures of your registered face are kept encrypted on this computer for the next sign-in.</translation>
    </message>
    <message>
        <source>每次验证拍 {n} 张照片，两次验证之间再随机拍 {m} 张。</source>
        <translation>Pictures taken at each check: {n}; at a random moment between two checks: {m}.</translation>
    </message>
    <message>
        <source>每次验证拍 {n} 张照片。</source>
        <translation>Pictures taken at each check: {n}.</translation>
    </message>
    <message>
        <source>两次验证之间随机拍 {m} 张照片。</source>
        <translation>Pictures taken at a random moment between two checks: {m}.</translation>
    </message>
    <message>
        <source>不拍照片。</source>
        <translation>No pictures are taken.</translation>
    </message>
    <message>
        <source>人脸特征值（一组数字，不是照片）和每次验证的结果，随学习记录交给平台。</source>
        <translation>Facial figures (numbers, not a picture) and the result of each check go to the platform with your study records.</translation>
    </message>
    <message>
        <source>照片拍下时就加密，只有平台能打开；平台收到后，这台电脑上的随即删除。拍了哪些，可以在“我的学时”的“验证照片”里看到。</source>
        <translation>Pictures are encrypted as they are taken and only the platform can open them; once it has them, they are deleted from this computer. You can see which were taken under “My hours”, “My pictures”.</translation>
    </message>
    <message>
        <source>平台在线保存 {online} 个月，离线保存 {offline} 个月，然后删除。</source>
        <translation>The platform keeps all this for {online} months online and {offline} months offline, then deletes it.</translation>
    </message>
    <message>
        <source>画面留在这台电脑上</source>
        <translation>The pictures stay on this computer</translation>
    </message>
    <message>
        <source>登录时和学习中不定时，请您做简单的动作，核对您的面部特征；其余时间只看您是否在座位上。只用于确认学习的人是您本人。</source>
        <translation>At sign-in and now and then while you study, we ask for simple actions and compare your facial features; the rest of the time we only look whether you are in your seat. This is only used to confirm that the learner is you.</translation>
    </message>
    <message>
        <source>核对时屏幕会换几种柔和的颜色，照在您的脸上。</source>
        <translation>During a check the screen shows a few soft colours that light your face.</translation>
    </message>
    <message>
        <source>视频画面只在这台电脑上即时分析，不录像，也不上传。</source>
        <translation>The video is analysed on this computer as it comes. It is neither recorded nor uploaded.</translation>
    </message>
    <message>
        <source>交给平台的内容，以及保存多久</source>
        <translation>What goes to the platform, and for how long</translation>
    </message>
    <message>
        <source>随时可以撤回</source>
        <translation>You can withdraw at any time</translation>
    </message>
    <message>
        <source>向{name}提出撤回，就不再使用您的人脸信息。撤回前已经计入的学时不受影响。</source>
        <translation>Tell {name} that you withdraw, and your face is no longer used. Hours counted before stay counted.</translation>
    </message>
    <message>
        <source>不同意也可以学习</source>
        <translation>You can study without agreeing</translation>
    </message>
    <message>
        <source>选“不使用人脸识别”，由{name}现场核对您的身份，发给您一次性验证码。</source>
        <translation>Choose &quot;Do without face recognition&quot;: {name} checks your identity on site and gives you a one-time code.</translation>
    </message>
    <message>
        <source>摄像头不会打开，也不会处理您的人脸信息。

1&#x3000;带上身份证件，到{name}的现场核验点。
2&#x3000;工作人员核对后，给您一个一次性验证码。
3&#x3000;在现场指定的电脑上，用验证码登录后学习。

这对您的学时和考试没有影响。改变主意时，可以返回说明重新选择。</source>
        <translation>The camera stays off and your face is not processed.

1&#x3000;Take your identity card to a check point of {name}.
2&#x3000;After the check you receive a one-time code.
3&#x3000;Sign in with the code on a computer there and study.

This makes no difference to your hours or exams. If you change your mind, go back to the explanation and choose again.</translation>
    </message>
</context>
<context>
    <name>Header</name>
    <message>
        <source>安学</source>
        <translation>Anxue</translation>
    </message>
    <message>
        <source>返回课程</source>
        <translation>Back to courses</translation>
    </message>
    <message>
        <source>我的学时</source>
        <translation>My hours</translation>
    </message>
    <message>
        <source>帮助</source>
        <translation>Help</translation>
    </message>
    <message>
        <source>退出</source>
        <translation>Sign out</translation>
    </message>
    <message>
        <source>演示</source>
        <translation>Demo</translation>
    </message>
    <message>
        <source>演示平台上的学习不会计入学时</source>
        <translation>Study on the demonstration platform does not count</translation>
    </message>
    <message>
        <source>离线</source>
        <translation>Offline</translation>
    </message>
    <message>
        <source>已看的时间保存在这台电脑上</source>
        <translation>Your time is kept on this computer</translation>
    </message>
</context>
<context>
    <name>Help</name>
    <message>
        <source>怎样学习</source>
        <translation>How to study</translation>
    </message>
    <message>
        <source>在“我的课程”里点“继续学习”，画面播放时时间自动计入。画面下方那一行始终告诉您：正在计入、已暂停，还是需要您做什么。</source>
        <translation>In &quot;My courses&quot;, choose &quot;Continue&quot;. While the film plays, your time counts by itself. The line under the film always tells you: counting, paused, or what you are asked to do.</translation>
    </message>
    <message>
        <source>什么时候会暂停</source>
        <translation>When it pauses</translation>
    </message>
    <message>
        <source>切换到其他窗口、最小化、离开座位或旁边有人入镜时，课程会暂停，已看的时间不会丢失。回来后点“继续学习”或按空格。</source>
        <translation>When you switch to another window, minimise, leave your seat or someone else comes into the picture, the lesson pauses. No time is lost. Back again, choose &quot;Resume&quot; or press Space.</translation>
    </message>
    <message>
        <source>人脸验证</source>
        <translation>Face checks</translation>
    </message>
    <message>
        <source>学习中会有几次验证，请在规定时间内面向摄像头，按提示慢慢做动作。没通过可以再试。光线照在脸上、摘下口罩和墨镜，更容易通过。</source>
        <translation>A few times during study, face the camera and slowly follow the instructions within the time given. You can try again. It helps to have light on your face and no mask or sunglasses.</translation>
    </message>
    <message>
        <source>暂未计入是什么意思</source>
        <translation>What &quot;not counted yet&quot; means</translation>
    </message>
    <message>
        <source>有些时间平台暂时不能确认。“我的学时”里写着每一段的原因和解决办法，通常把这一段再看一遍即可计入。</source>
        <translation>Some time cannot be confirmed yet. &quot;My hours&quot; gives the reason and the remedy for each part; usually it is enough to watch it once more.</translation>
    </message>
    <message>
        <source>网络断了怎么办</source>
        <translation>When the network is down</translation>
    </message>
    <message>
        <source>已看的时间先保存在这台电脑上，网络恢复后自动交给平台，您不用做什么。</source>
        <translation>Your time is kept on this computer and goes to the platform by itself later. You need not do anything.</translation>
    </message>
    <message>
        <source>只用键盘</source>
        <translation>With the keyboard only</translation>
    </message>
    <message>
        <source>空格：播放、暂停或继续
左方向键：后退 10 秒
上、下方向键：调节音量，M：静音
C：显示或隐藏字幕
F：全屏，Esc：退出全屏
Tab：移到下一个按钮，回车：按下它
F1：打开这份帮助</source>
        <translation>Space: play, pause or resume
Left arrow: back 10 seconds
Up and down arrows: volume, M: mute
C: show or hide captions
F: full screen, Esc: leave it
Tab: to the next button, Enter: press it
F1: open this help</translation>
    </message>
    <message>
        <source>安学使用说明</source>
        <translation>How to use Anxue</translation>
    </message>
    <message>
        <source>知道了</source>
        <translation>Got it</translation>
    </message>
</context>
<context>
    <name>Hint</name>
    <message>
        <source>画面中没有看到您，请坐到摄像头前</source>
        <translation>We cannot see you. Please sit in front of the camera</translation>
    </message>
    <message>
        <source>画面中不止一个人，请让旁边的人离开画面</source>
        <translation>More than one person. Please ask others to step aside</translation>
    </message>
    <message>
        <source>光线太暗，请开灯或面向窗户</source>
        <translation>Too dark. Please turn on a light or face a window</translation>
    </message>
    <message>
        <source>光线太强，请避开直射的光</source>
        <translation>Too bright. Please avoid direct light</translation>
    </message>
    <message>
        <source>离得有点远，请靠近一些</source>
        <translation>A little far away. Please come closer</translation>
    </message>
    <message>
        <source>离得有点近，请往后一些</source>
        <translation>A little close. Please move back</translation>
    </message>
    <message>
        <source>请把脸移到画面中间</source>
        <translation>Please move your face to the middle</translation>
    </message>
    <message>
        <source>请摘下口罩，验证后可以再戴上</source>
        <translation>Please take off the mask; you can put it on again after the check</translation>
    </message>
    <message>
        <source>请摘下墨镜，验证后可以再戴上</source>
        <translation>Please take off the dark glasses; you can put them on again after the check</translation>
    </message>
    <message>
        <source>摄像头好像被遮住了，请打开镜头盖或移开遮挡</source>
        <translation>The camera seems to be covered: please open the lens cover or clear the view</translation>
    </message>
    <message>
        <source>请正对摄像头</source>
        <translation>Please look straight at the camera</translation>
    </message>
    <message>
        <source>很好，请保持不动</source>
        <translation>Good. Please hold still</translation>
    </message>
    <message>
        <source>很好，请保持</source>
        <translation>Good. Please stay like this</translation>
    </message>
</context>
<context>
    <name>Hours</name>
    <message>
        <source>已计入 {done} / {all}</source>
        <translation>Counted {done} / {all}</translation>
    </message>
    <message>
        <source>待确认 +{time}</source>
        <translation>waiting +{time}</translation>
    </message>
    <message>
        <source>已完成</source>
        <translation>Done</translation>
    </message>
    <message>
        <source>等待复核</source>
        <translation>Waiting for review</translation>
    </message>
    <message>
        <source>{what}。{todo}</source>
        <translation>{what}. {todo}</translation>
    </message>
    <message>
        <source>我的学时</source>
        <translation>My hours</translation>
    </message>
    <message>
        <source>导出学习记录</source>
        <translation>Export study records</translation>
    </message>
    <message>
        <source>存成一个文件，任何人都可以核对它没有被改动</source>
        <translation>Saves a file with which anyone can verify that nothing was altered</translation>
    </message>
    <message>
        <source>验证照片</source>
        <translation>My pictures</translation>
    </message>
    <message>
        <source>拍了哪些照片、为什么、保存到什么时候</source>
        <translation>Which pictures were taken, why, and until when they are kept</translation>
    </message>
    <message>
        <source>重试</source>
        <translation>Retry</translation>
    </message>
    <message>
        <source>还没有学习时间。看完一段课程后，计入的时间会出现在这里。</source>
        <translation>No study time yet. Time that counts appears here after you have watched part of a lesson.</translation>
    </message>
    <message>
        <source>正在取得您的学时</source>
        <translation>Getting your hours</translation>
    </message>
    <message>
        <source>已计入</source>
        <translation>Counted</translation>
    </message>
    <message>
        <source>平台已经确认的学习时间</source>
        <translation>Study time the platform has confirmed</translation>
    </message>
    <message>
        <source>等待确认</source>
        <translation>Waiting</translation>
    </message>
    <message>
        <source>已记录，平台确认后计入</source>
        <translation>Recorded; counts once confirmed</translation>
    </message>
    <message>
        <source>平台已收到的记录</source>
        <translation>Records received</translation>
    </message>
    <message>
        <source>没有收到的保存在这台电脑上</source>
        <translation>The others are kept on this computer</translation>
    </message>
    <message>
        <source>现在没有连上培训平台。</source>
        <translation>The training platform is not connected.</translation>
    </message>
    <message>
        <source>下面是上次确认的时间和这台电脑上的记录。</source>
        <translation>Below is what was confirmed last and what this computer recorded.</translation>
    </message>
    <message>
        <source>网络恢复后会自动更新。</source>
        <translation>It updates by itself once the network is back.</translation>
    </message>
    <message>
        <source>实心：已计入 {time}</source>
        <translation>Solid: counted {time}</translation>
    </message>
    <message>
        <source>斜线：等待确认 {time}</source>
        <translation>Slanted: waiting {time}</translation>
    </message>
    <message>
        <source>交叉：暂未计入 {time}</source>
        <translation>Crossed: not counted yet {time}</translation>
    </message>
    <message>
        <source>空白：还没有看</source>
        <translation>Empty: not watched yet</translation>
    </message>
</context>
<context>
    <name>Lesson</name>
    <message>
        <source>请本人认真学习。代学、挂机等行为会被记录，有关学时不予计入。</source>
        <translation>Please study attentively yourself. Study by proxy or with nobody watching is recorded and not counted.</translation>
    </message>
    <message>
        <source>为什么暂未计入</source>
        <translation>Why this is not counted yet</translation>
    </message>
    <message>
        <source>知道了</source>
        <translation>Got it</translation>
    </message>
    <message>
        <source>后退 10 秒</source>
        <translation>Back 10 seconds</translation>
    </message>
    <message>
        <source>后退 10 秒（←）</source>
        <translation>Back 10 seconds (←)</translation>
    </message>
    <message>
        <source>音量</source>
        <translation>Volume</translation>
    </message>
    <message>
        <source>流畅</source>
        <translation>Fluent</translation>
    </message>
    <message>
        <source>标清</source>
        <translation>Standard</translation>
    </message>
    <message>
        <source>高清</source>
        <translation>High</translation>
    </message>
    <message>
        <source>网络较慢，暂时播放{mode}</source>
        <translation>Slow network: playing {mode} for now</translation>
    </message>
    <message>
        <source>正在换成{mode}</source>
        <translation>Changing to {mode}</translation>
    </message>
    <message>
        <source>暂时收不到数据</source>
        <translation>No data is arriving</translation>
    </message>
    <message>
        <source>网速 {n} KB/秒</source>
        <translation>Network speed {n} KB/s</translation>
    </message>
    <message>
        <source>网速 {n} MB/秒</source>
        <translation>Network speed {n} MB/s</translation>
    </message>
    <message>
        <source>{speed}。加载好会自动继续。</source>
        <translation>{speed}. It goes on by itself.</translation>
    </message>
    <message>
        <source>{speed}。加载好会自动继续，您不用做什么。</source>
        <translation>{speed}. It goes on by itself, you need do nothing.</translation>
    </message>
    <message>
        <source>网络较慢，正在加载</source>
        <translation>Slow network, loading</translation>
    </message>
    <message>
        <source>等待期间不计时，已看的时间不会丢失。</source>
        <translation>Waiting does not count; no watched time is lost.</translation>
    </message>
    <message>
        <source>网络慢时选这个</source>
        <translation>For a slow network</translation>
    </message>
    <message>
        <source>一般清晰</source>
        <translation>Medium sharpness</translation>
    </message>
    <message>
        <source>最清晰，需要较快的网络</source>
        <translation>Sharpest; needs a fast network</translation>
    </message>
    <message>
        <source>画面</source>
        <translation>Picture</translation>
    </message>
    <message>
        <source>由管理员设置</source>
        <translation>Set by the administrator</translation>
    </message>
    <message>
        <source>退出全屏</source>
        <translation>Leave full screen</translation>
    </message>
    <message>
        <source>全屏</source>
        <translation>Full screen</translation>
    </message>
    <message>
        <source>退出全屏（Esc）</source>
        <translation>Leave full screen (Esc)</translation>
    </message>
    <message>
        <source>全屏（F）</source>
        <translation>Full screen (F)</translation>
    </message>
    <message>
        <source>暂停</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>播放</source>
        <translation>Play</translation>
    </message>
    <message>
        <source>空格</source>
        <translation>Space</translation>
    </message>
    <message>
        <source>没有声音设备</source>
        <translation>No sound device</translation>
    </message>
    <message>
        <source>静音</source>
        <translation>Mute</translation>
    </message>
    <message>
        <source>打开声音</source>
        <translation>Sound on</translation>
    </message>
    <message>
        <source>没有找到声音设备。计时不受影响；要听声音，请插上耳机或音箱。</source>
        <translation>No sound device was found. Your time counts all the same; to hear sound, please plug in headphones or a loudspeaker.</translation>
    </message>
    <message>
        <source>播放位置</source>
        <translation>Position in the film</translation>
    </message>
    <message>
        <source>没有看过的部分不能跳过</source>
        <translation>Parts not yet watched cannot be skipped</translation>
    </message>
    <message>
        <source>摄像头看得到您</source>
        <translation>The camera sees you</translation>
    </message>
    <message>
        <source>没有看到您</source>
        <translation>The camera does not see you</translation>
    </message>
    <message>
        <source>模拟学员代替摄像头</source>
        <translation>Simulated learner, no camera</translation>
    </message>
    <message>
        <source>摄像头已关闭，继续时会打开</source>
        <translation>Camera off while paused</translation>
    </message>
    <message>
        <source>显示画面</source>
        <translation>Show picture</translation>
    </message>
    <message>
        <source>收起画面</source>
        <translation>Hide picture</translation>
    </message>
    <message>
        <source>本课已计入的时间</source>
        <translation>Counted in this lesson</translation>
    </message>
    <message>
        <source>课程目录</source>
        <translation>Lessons</translation>
    </message>
    <message>
        <source>等待平台确认 +{time}</source>
        <translation>Waiting for the platform +{time}</translation>
    </message>
    <message>
        <source>看完后有 {n} 道题</source>
        <translation>{n} questions after the film</translation>
    </message>
    <message>
        <source>看完后是：{title}</source>
        <translation>Next: {title}</translation>
    </message>
    <message>
        <source>看完这一课，课程就完成了</source>
        <translation>This lesson completes the course</translation>
    </message>
    <message>
        <source>正在打开课程</source>
        <translation>Opening the lesson</translation>
    </message>
    <message>
        <source>返回课程</source>
        <translation>Back to courses</translation>
    </message>
    <message>
        <source>重试</source>
        <translation>Retry</translation>
    </message>
    <message>
        <source>改用流畅</source>
        <translation>Use Fluent</translation>
    </message>
    <message>
        <source>重看</source>
        <translation>Watch again</translation>
    </message>
    <message>
        <source>开始学习</source>
        <translation>Start</translation>
    </message>
    <message>
        <source>继续学习</source>
        <translation>Resume</translation>
    </message>
    <message>
        <source>为什么</source>
        <translation>Why</translation>
    </message>
    <message>
        <source>隐藏字幕（C）</source>
        <translation>Hide captions (C)</translation>
    </message>
    <message>
        <source>显示字幕（C）</source>
        <translation>Show captions (C)</translation>
    </message>
    <message>
        <source>字幕</source>
        <translation>Captions</translation>
    </message>
    <message>
        <source>不显示字幕</source>
        <translation>No captions</translation>
    </message>
    <message>
        <source>小字</source>
        <translation>Small letters</translation>
    </message>
    <message>
        <source>中字</source>
        <translation>Medium letters</translation>
    </message>
    <message>
        <source>大字</source>
        <translation>Large letters</translation>
    </message>
    <message>
        <source>播放速度</source>
        <translation>Playback speed</translation>
    </message>
    <message>
        <source>章节</source>
        <translation>Chapter</translation>
    </message>
    <message>
        <source>（还没看到）</source>
        <translation> (not watched yet)</translation>
    </message>
</context>
<context>
    <name>NotCounted</name>
    <message>
        <source>把这一段再看一遍即可计入。</source>
        <translation>Watch this part once more to have it counted.</translation>
    </message>
    <message>
        <source>同一时间在另一台设备上学习</source>
        <translation>You were studying on another device at the same time</translation>
    </message>
    <message>
        <source>请只在一台设备上学习，并把这一段再看一遍。</source>
        <translation>Please study on one device only, and watch this part once more.</translation>
    </message>
    <message>
        <source>人脸验证没有通过</source>
        <translation>The face check was not passed</translation>
    </message>
    <message>
        <source>没有在规定时间内完成人脸验证</source>
        <translation>The face check was not finished in time</translation>
    </message>
    <message>
        <source>这一段之后没有完成人脸验证</source>
        <translation>No face check was completed after this part</translation>
    </message>
    <message>
        <source>画面中没有看到您</source>
        <translation>We could not see you in the picture</translation>
    </message>
    <message>
        <source>画面中不止一个人</source>
        <translation>More than one person was in the picture</translation>
    </message>
    <message>
        <source>摄像头的画面中断了</source>
        <translation>The camera picture was interrupted</translation>
    </message>
    <message>
        <source>有一会儿没有面向屏幕</source>
        <translation>You faced away from the screen for a while</translation>
    </message>
    <message>
        <source>摄像头被遮住了</source>
        <translation>The camera was covered</translation>
    </message>
    <message>
        <source>眼睛闭了较长时间</source>
        <translation>Your eyes were closed for a longer time</translation>
    </message>
    <message>
        <source>验证已完成，等待平台复核</source>
        <translation>Check done, waiting for the platform&apos;s review</translation>
    </message>
    <message>
        <source>复核通过后自动计入，您不用做什么。</source>
        <translation>It counts by itself after the review; you need do nothing.</translation>
    </message>
    <message>
        <source>平台复核后没有认可这次验证</source>
        <translation>The platform&apos;s review did not accept this check</translation>
    </message>
    <message>
        <source>把这一段再看一遍即可计入。有疑问请联系培训机构。</source>
        <translation>Watch this part again to have it counted. If you have questions, please ask your training school.</translation>
    </message>
    <message>
        <source>播放速度快于 1 倍，没有看过的部分不计入</source>
        <translation>Played faster than 1×: parts not watched before do not count</translation>
    </message>
    <message>
        <source>用 1 倍速度再看一遍即可计入。</source>
        <translation>Watch this part again at 1× and it counts.</translation>
    </message>
    <message>
        <source>记录的时间比实际经过的时间长</source>
        <translation>More time was recorded than really passed</translation>
    </message>
    <message>
        <source>把这一段再看一遍即可计入。如果经常这样，请联系培训机构。</source>
        <translation>Watch this part once more to have it counted. If this happens often, please contact your institution.</translation>
    </message>
    <message>
        <source>学习前没有完成人脸核验</source>
        <translation>Your identity was not verified before study</translation>
    </message>
    <message>
        <source>请重新登录并完成核验，再看一遍。</source>
        <translation>Please sign in again, complete the verification and watch it once more.</translation>
    </message>
    <message>
        <source>超过了当天可计入的学时</source>
        <translation>More than can be counted in one day</translation>
    </message>
    <message>
        <source>明天把这一段再看一遍即可计入。</source>
        <translation>Watch this part once more tomorrow to have it counted.</translation>
    </message>
    <message>
        <source>较长时间没有操作</source>
        <translation>No activity for a long time</translation>
    </message>
    <message>
        <source>离线学习超过了允许的时间</source>
        <translation>Offline study was longer than allowed</translation>
    </message>
    <message>
        <source>联网后把这一段再看一遍即可计入。</source>
        <translation>Once online, watch this part again to have it counted.</translation>
    </message>
    <message>
        <source>这一段已经计入过</source>
        <translation>This part was counted before</translation>
    </message>
    <message>
        <source>同一段只计一次，您不用做什么。</source>
        <translation>Each part counts once. You need not do anything.</translation>
    </message>
    <message>
        <source>本课的测验还没有通过</source>
        <translation>This lesson&apos;s test is not passed yet</translation>
    </message>
    <message>
        <source>通过测验后自动计入。</source>
        <translation>Counts by itself once you pass the test.</translation>
    </message>
    <message>
        <source>平台没有确认这一段</source>
        <translation>The platform did not confirm this part</translation>
    </message>
    <message>
        <source>把这一段再看一遍，或联系培训机构查询原因。</source>
        <translation>Watch this part once more, or ask your institution for the reason.</translation>
    </message>
    <message>
        <source>暂未计入</source>
        <translation>not counted yet</translation>
    </message>
</context>
<context>
    <name>Notice</name>
    <message>
        <source>网络断开了。您可以继续学习，已看的时间先保存在这台电脑上。</source>
        <translation>The network is down. You can go on studying; your time is kept on this computer for now.</translation>
    </message>
    <message>
        <source>网络恢复了，刚才的记录正在交给平台。</source>
        <translation>The network is back. Your records are on their way to the platform.</translation>
    </message>
    <message>
        <source>网络较慢，画面已暂时调低，网络恢复后自动回到您选的画面。</source>
        <translation>The network is slow. The picture was lowered for now; it goes back to your choice when the network recovers.</translation>
    </message>
    <message>
        <source>网络恢复了，已回到您选的画面。</source>
        <translation>The network has recovered. The picture is back to your choice.</translation>
    </message>
    <message>
        <source>硬盘已满，影片不保存在本机，学习不受影响。</source>
        <translation>The disk is full. Films are not kept on this computer; your study is not affected.</translation>
    </message>
    <message>
        <source>学习记录已导出。</source>
        <translation>Your study records were exported.</translation>
    </message>
    <message>
        <source>平台没能确认刚才验证的是您本人，这段时间暂不计入。您可以继续学习，退出后可以一键申诉。</source>
        <translation>The platform couldn&apos;t confirm that it was you in the last check, so this time isn&apos;t counted yet. You can go on studying, and appeal with one click after you sign out.</translation>
    </message>
    <message>
        <source>程序上次没有正常关闭，当时的记录已找回。</source>
        <translation>The program did not close properly last time. Its records were recovered.</translation>
    </message>
    <message>
        <source>关闭提示</source>
        <translation>Dismiss</translation>
    </message>
</context>
<context>
    <name>Pause</name>
    <message>
        <source>您按了暂停</source>
        <translation>You paused</translation>
    </message>
    <message>
        <source>准备好了就继续。</source>
        <translation>Continue when you are ready.</translation>
    </message>
    <message>
        <source>窗口被最小化了</source>
        <translation>The window was minimised</translation>
    </message>
    <message>
        <source>学习时请让本窗口留在屏幕上。</source>
        <translation>Please keep this window on the screen while you study.</translation>
    </message>
    <message>
        <source>您切换到了其他窗口</source>
        <translation>You switched to another window</translation>
    </message>
    <message>
        <source>学习时请停留在本窗口。</source>
        <translation>Please stay in this window while you study.</translation>
    </message>
    <message>
        <source>学习窗口被遮住了</source>
        <translation>The study window is covered</translation>
    </message>
    <message>
        <source>请移开挡住画面的窗口，再点“继续学习”。</source>
        <translation>Please move the window that covers the picture, then choose &quot;Continue&quot;.</translation>
    </message>
    <message>
        <source>正在进行人脸验证</source>
        <translation>Face check in progress</translation>
    </message>
    <message>
        <source>验证通过后从这里继续。</source>
        <translation>You continue from here once it is passed.</translation>
    </message>
    <message>
        <source>网络较慢，画面正在加载</source>
        <translation>Slow network, the picture is loading</translation>
    </message>
    <message>
        <source>加载好会自动继续。也可以改用“流畅”。</source>
        <translation>It continues by itself once loaded. You can also choose &quot;Fluent&quot;.</translation>
    </message>
    <message>
        <source>画面中没有看到您</source>
        <translation>We cannot see you in the picture</translation>
    </message>
    <message>
        <source>请坐到摄像头前，再点“继续学习”。</source>
        <translation>Please sit in front of the camera, then choose &quot;Resume&quot;.</translation>
    </message>
    <message>
        <source>画面中不止一个人</source>
        <translation>More than one person is in the picture</translation>
    </message>
    <message>
        <source>请让旁边的人离开画面，再点“继续学习”。</source>
        <translation>Please ask others to step out of the picture, then choose &quot;Resume&quot;.</translation>
    </message>
    <message>
        <source>摄像头的画面中断了</source>
        <translation>The camera picture was interrupted</translation>
    </message>
    <message>
        <source>请检查摄像头的连接，画面恢复后点“继续学习”。</source>
        <translation>Please check how the camera is connected. When the picture is back, choose &quot;Resume&quot;.</translation>
    </message>
    <message>
        <source>有一段时间没有看到您操作</source>
        <translation>No activity for a while</translation>
    </message>
    <message>
        <source>如果您还在，请点“继续学习”。</source>
        <translation>If you are still there, please choose &quot;Resume&quot;.</translation>
    </message>
    <message>
        <source>电脑刚才休眠了</source>
        <translation>The computer was asleep</translation>
    </message>
    <message>
        <source>休眠期间不计时，现在可以继续。</source>
        <translation>Sleeping time does not count. You can continue now.</translation>
    </message>
    <message>
        <source>电脑的时间被改动过</source>
        <translation>The computer&apos;s clock was changed</translation>
    </message>
    <message>
        <source>请保持系统时间自动设置，再点“继续学习”。</source>
        <translation>Please leave the clock on automatic, then choose &quot;Resume&quot;.</translation>
    </message>
    <message>
        <source>您的账号已在另一台设备上学习</source>
        <translation>Your account is studying on another device</translation>
    </message>
    <message>
        <source>请在那台设备上继续，或在这里重新登录。</source>
        <translation>Please continue there, or sign in again here.</translation>
    </message>
    <message>
        <source>今天可计入的学时已满</source>
        <translation>Today&apos;s countable hours are full</translation>
    </message>
    <message>
        <source>明天可以继续学习。</source>
        <translation>You can continue tomorrow.</translation>
    </message>
    <message>
        <source>本课已看完</source>
        <translation>You have watched this lesson</translation>
    </message>
    <message>
        <source>可以返回课程，也可以重看已看过的部分。</source>
        <translation>Go back to your courses, or watch any part again.</translation>
    </message>
    <message>
        <source>您已退出登录</source>
        <translation>You are signed out</translation>
    </message>
    <message>
        <source>请重新登录后继续。</source>
        <translation>Please sign in again to continue.</translation>
    </message>
    <message>
        <source>程序上次没有正常关闭</source>
        <translation>The program did not close properly last time</translation>
    </message>
    <message>
        <source>已找回当时的记录，请从这里继续。</source>
        <translation>Its records were recovered. Please continue from here.</translation>
    </message>
    <message>
        <source>您有一会儿没有面向屏幕</source>
        <translation>You have been facing away from the screen</translation>
    </message>
    <message>
        <source>请面向屏幕和摄像头，再点“继续学习”。</source>
        <translation>Please face the screen and the camera, then choose “Continue”.</translation>
    </message>
    <message>
        <source>摄像头好像被遮住了</source>
        <translation>The camera seems to be covered</translation>
    </message>
    <message>
        <source>请打开镜头盖，移开挡住镜头的东西，再点“继续学习”。</source>
        <translation>Please open the lens cover and clear the view, then choose “Continue”.</translation>
    </message>
    <message>
        <source>您还在吗？</source>
        <translation>Are you still there?</translation>
    </message>
    <message>
        <source>您的眼睛闭了一会儿。睁开眼睛，按任意键继续。</source>
        <translation>Your eyes have been closed for a while. Open them and press any key to go on.</translation>
    </message>
    <message>
        <source>摄像头正在打开</source>
        <translation>The camera is starting</translation>
    </message>
    <message>
        <source>请面向摄像头，看到您后会自动继续。</source>
        <translation>Please face the camera; the film goes on by itself when you are seen.</translation>
    </message>
    <message>
        <source>可以开始学习了</source>
        <translation>Ready to start</translation>
    </message>
    <message>
        <source>学习时请停留在本窗口，并面向摄像头。</source>
        <translation>Please stay in this window and face the camera while you study.</translation>
    </message>
    <message>
        <source>学习已暂停</source>
        <translation>Paused</translation>
    </message>
    <message>
        <source>暂停期间不计时，已看的时间不会丢失。</source>
        <translation>Paused time does not count, and no time you watched is lost.</translation>
    </message>
</context>
<context>
    <name>Proxy</name>
    <message>
        <source>代理服务器登录</source>
        <translation>Proxy sign-in</translation>
    </message>
    <message>
        <source>代理用户名</source>
        <translation>Proxy user name</translation>
    </message>
    <message>
        <source>代理密码</source>
        <translation>Proxy password</translation>
    </message>
    <message>
        <source>在这台电脑上记住</source>
        <translation>Remember on this computer</translation>
    </message>
    <message>
        <source>使用</source>
        <translation>Use</translation>
    </message>
    <message>
        <source>取消</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>这个网络要求登录代理服务器。用户名和密码由网络管理员给您，和学习账号无关。</source>
        <translation>This network asks you to sign in to its proxy server. The network administrator gives you the user name and password; they have nothing to do with your study account.</translation>
    </message>
</context>
<context>
    <name>SignIn</name>
    <message>
        <source>安学</source>
        <translation>Anxue</translation>
    </message>
    <message>
        <source>安全生产网络培训，学习时间看得见。</source>
        <translation>Work-safety training online. See your time count.</translation>
    </message>
    <message>
        <source>登录</source>
        <translation>Sign in</translation>
    </message>
    <message>
        <source>用培训机构给您的用户名和密码。</source>
        <translation>With the user name and password from your institution.</translation>
    </message>
    <message>
        <source>人脸核验</source>
        <translation>Face verification</translation>
    </message>
    <message>
        <source>面向摄像头，大约十秒，确认是您本人。</source>
        <translation>Face the camera for about ten seconds to confirm that it is you.</translation>
    </message>
    <message>
        <source>学习</source>
        <translation>Study</translation>
    </message>
    <message>
        <source>看课程，时间自动计入，随时可以看到。</source>
        <translation>Watch lessons; your time counts by itself and is always in sight.</translation>
    </message>
    <message>
        <source>登录后开始学习</source>
        <translation>Sign in to study</translation>
    </message>
    <message>
        <source>用户名</source>
        <translation>User name</translation>
    </message>
    <message>
        <source>学员编号或用户名</source>
        <translation>Learner number or user name</translation>
    </message>
    <message>
        <source>密码</source>
        <translation>Password</translation>
    </message>
    <message>
        <source>在这台电脑上记住密码</source>
        <translation>Remember the password on this computer</translation>
    </message>
    <message>
        <source>填入</source>
        <translation>Fill in</translation>
    </message>
    <message>
        <source>正在登录…</source>
        <translation>Signing in…</translation>
    </message>
    <message>
        <source>重试</source>
        <translation>Retry</translation>
    </message>
    <message>
        <source>填写代理密码</source>
        <translation>Enter proxy password</translation>
    </message>
    <message>
        <source>演示账号：{name}&#x3000;密码：{password}</source>
        <translation>Demo account: {name}&#x3000;Password: {password}</translation>
    </message>
    <message>
        <source>平台：{address}</source>
        <translation>Platform: {address}</translation>
    </message>
    <message>
        <source>隐藏密码</source>
        <translation>Hide password</translation>
    </message>
    <message>
        <source>显示密码</source>
        <translation>Show password</translation>
    </message>
</context>
<context>
    <name>SignedOut</name>
    <message>
        <source>您已退出学习</source>
        <translation>You are signed out</translation>
    </message>
    <message>
        <source>下次登录会从停下的地方继续。</source>
        <translation>Next time you continue where you stopped.</translation>
    </message>
    <message>
        <source>人脸验证没有完成，已退出登录</source>
        <translation>The face check was not completed; you are signed out</translation>
    </message>
    <message>
        <source>之前计入的时间都保留，重新登录就可以继续学习。</source>
        <translation>All time counted before is kept. Sign in again to go on studying.</translation>
    </message>
    <message>
        <source>长时间没有操作，已退出登录</source>
        <translation>No activity for a long time; you are signed out</translation>
    </message>
    <message>
        <source>您离开期间不计时。重新登录会从停下的地方继续。</source>
        <translation>Time away does not count. Sign in again to continue where you stopped.</translation>
    </message>
    <message>
        <source>您的账号已在另一台设备上登录</source>
        <translation>Your account was signed in on another device</translation>
    </message>
    <message>
        <source>请在那台设备上继续。如果不是您本人，请告诉培训机构。</source>
        <translation>Please continue there. If that was not you, please tell your institution.</translation>
    </message>
    <message>
        <source>今天可计入的学时已满</source>
        <translation>Today&apos;s countable hours are full</translation>
    </message>
    <message>
        <source>明天登录会从停下的地方继续。</source>
        <translation>Tomorrow you continue where you stopped.</translation>
    </message>
    <message>
        <source>学习已结束</source>
        <translation>Study has ended</translation>
    </message>
    <message>
        <source>正在交给平台：还剩 {n} 条记录、{p} 张照片。</source>
        <translation>Handing over to the platform: {n} records and {p} pictures left.</translation>
    </message>
    <message>
        <source>正在交给平台：还剩 {n} 条记录。</source>
        <translation>Handing over to the platform: {n} records left.</translation>
    </message>
    <message>
        <source>记录都已交给平台，正在上传照片：还剩 {p} 张。</source>
        <translation>All records are with the platform; sending pictures: {p} left.</translation>
    </message>
    <message>
        <source>正在把最后的记录交给平台，请先不要关机。</source>
        <translation>Handing the last records to the platform. Please do not turn the computer off yet.</translation>
    </message>
    <message>
        <source>还有 {n} 条记录和 {p} 张照片保存在这台电脑上，下次登录时自动上传。</source>
        <translation>{n} records and {p} pictures are kept on this computer and will be sent at the next sign-in.</translation>
    </message>
    <message>
        <source>还有 {n} 条记录保存在这台电脑上，下次登录时自动上传。</source>
        <translation>Records kept on this computer: {n}. They are uploaded at your next sign-in.</translation>
    </message>
    <message>
        <source>记录都已交给平台；还有 {p} 张照片在这台电脑上，下次登录时自动上传。</source>
        <translation>All records are with the platform; {p} pictures are kept on this computer and will be sent at the next sign-in.</translation>
    </message>
    <message>
        <source>所有记录都已交给平台。</source>
        <translation>All records have reached the platform.</translation>
    </message>
    <message>
        <source>没有影响到已经计入的时间。</source>
        <translation>Time that was already counted is not affected.</translation>
    </message>
    <message>
        <source>上次通过验证之后的 {time} 暂未计入。可以一键申诉，也可以再看一遍。</source>
        <translation>The {time} since the last passed check isn&apos;t counted yet. You can appeal with one click, or watch it again.</translation>
    </message>
    <message>
        <source>上次通过验证之后的 {time} 暂未计入，再看一遍即可计入。</source>
        <translation>The {time} since the last passed check isn&apos;t counted yet; watch it again to have it counted.</translation>
    </message>
    <message>
        <source>最后一次：{what}。</source>
        <translation>The last try: {what}.</translation>
    </message>
    <message>
        <source>正在提交申诉</source>
        <translation>Sending your appeal</translation>
    </message>
    <message>
        <source>通常只要几秒。</source>
        <translation>This usually takes a few seconds.</translation>
    </message>
    <message>
        <source>申诉已提交</source>
        <translation>Your appeal was sent</translation>
    </message>
    <message>
        <source>培训机构会有人查看这次验证。认可后，这段时间自动计入。</source>
        <translation>A person at your training school will look at this check. If they accept it, the time counts by itself.</translation>
    </message>
    <message>
        <source>询问时请说这个受理编号。</source>
        <translation>Please give this number when you ask about it.</translation>
    </message>
    <message>
        <source>申诉没有发出去</source>
        <translation>Your appeal was not sent</translation>
    </message>
    <message>
        <source>学习记录不受影响。</source>
        <translation>Your study records are not affected.</translation>
    </message>
    <message>
        <source>请检查网络后再点一次。</source>
        <translation>Please check the network and try again.</translation>
    </message>
    <message>
        <source>觉得结果不对，可以申诉</source>
        <translation>If you think this is wrong, you can appeal</translation>
    </message>
    <message>
        <source>由培训机构的人查看这次验证，您不用写说明。</source>
        <translation>A person at your training school looks at this check; you need not write anything.</translation>
    </message>
    <message>
        <source>再试一次</source>
        <translation>Try again</translation>
    </message>
    <message>
        <source>一键申诉</source>
        <translation>Appeal</translation>
    </message>
    <message>
        <source>受理编号</source>
        <translation>Receipt number</translation>
    </message>
    <message>
        <source>复制编号</source>
        <translation>Copy number</translation>
    </message>
    <message>
        <source>编号已复制</source>
        <translation>Number copied</translation>
    </message>
    <message>
        <source>重新登录</source>
        <translation>Sign in again</translation>
    </message>
    <message>
        <source>先离开，稍后自动发送</source>
        <translation>Leave now, send later</translation>
    </message>
    <message>
        <source>交给平台的进度</source>
        <translation>Progress of handing over</translation>
    </message>
    <message>
        <source>本次已计入</source>
        <translation>Counted this time</translation>
    </message>
    <message>
        <source>等待确认</source>
        <translation>Waiting</translation>
    </message>
    <message>
        <source>暂未计入</source>
        <translation>Not counted yet</translation>
    </message>
</context>
<context>
    <name>Snapshots</name>
    <message>
        <source>拍摄时间</source>
        <translation>Taken</translation>
    </message>
    <message>
        <source>原因</source>
        <translation>Why</translation>
    </message>
    <message>
        <source>课程</source>
        <translation>Lesson</translation>
    </message>
    <message>
        <source>现在在哪里</source>
        <translation>Where it is now</translation>
    </message>
    <message>
        <source>保存到</source>
        <translation>Kept until</translation>
    </message>
    <message>
        <source>人脸验证</source>
        <translation>Face check</translation>
    </message>
    <message>
        <source>两次验证之间</source>
        <translation>Between two checks</translation>
    </message>
    <message>
        <source>已交给平台，本机已删除</source>
        <translation>Sent, deleted here</translation>
    </message>
    <message>
        <source>已加密，等待上传</source>
        <translation>Encrypted, waiting to be sent</translation>
    </message>
    <message>
        <source>上传后开始计算</source>
        <translation>Begins when sent</translation>
    </message>
    <message>
        <source>我的验证照片</source>
        <translation>My pictures</translation>
    </message>
    <message>
        <source>我的学时</source>
        <translation>My hours</translation>
    </message>
    <message>
        <source>照片在拍下时就加密，只有培训平台能打开；平台收到后，这台电脑上的随即删除。</source>
        <translation>Pictures are encrypted as they are taken, and only the training platform can open them. Once it has them, they are deleted from this computer.</translation>
    </message>
    <message>
        <source>还没有照片。学习中做过人脸验证后，拍了什么会列在这里。</source>
        <translation>No pictures yet. After a face check while studying, what was taken is listed here.</translation>
    </message>
    <message>
        <source>重试</source>
        <translation>Try again</translation>
    </message>
    <message>
        <source>正在取得您的照片清单</source>
        <translation>Getting the list of your pictures</translation>
    </message>
    <message>
        <source>平台在线保存 {online} 个月，离线保存 {offline} 个月，到期删除。想提前撤回，请联系培训机构。</source>
        <translation>The platform keeps them for {online} months online and {offline} months offline, then deletes them. To withdraw earlier, please ask your training school.</translation>
    </message>
    <message>
        <source>现在没有连上培训平台。</source>
        <translation>The training platform can&apos;t be reached now.</translation>
    </message>
    <message>
        <source>下面是这台电脑知道的照片，学习和计时不受影响。</source>
        <translation>Below are the pictures this computer knows of. Studying and counting are not affected.</translation>
    </message>
    <message>
        <source>网络恢复后会自动更新。</source>
        <translation>The list updates by itself when the network is back.</translation>
    </message>
</context>
<context>
    <name>Status</name>
    <message>
        <source>已计入 {done} / {all}</source>
        <translation>Counted {done} / {all}</translation>
    </message>
    <message>
        <source>已暂停</source>
        <translation>Paused</translation>
    </message>
    <message>
        <source>正在计入</source>
        <translation>Counting</translation>
    </message>
    <message>
        <source>已记录，等待平台确认</source>
        <translation>Recorded, waiting for the platform</translation>
    </message>
    <message>
        <source>请面向摄像头完成验证</source>
        <translation>Please face the camera for a check</translation>
    </message>
    <message>
        <source>剩余 {n} 秒</source>
        <translation>{n} seconds left</translation>
    </message>
    <message>
        <source>本课已看完</source>
        <translation>You have watched this lesson</translation>
    </message>
    <message>
        <source>还没有开始计时</source>
        <translation>Not counting yet</translation>
    </message>
</context>
<context>
    <name>Time</name>
    <message>
        <source>{h} 小时 {m} 分</source>
        <translation>{h} h {m} min</translation>
    </message>
    <message>
        <source>{m} 分 {s} 秒</source>
        <translation>{m} min {s} s</translation>
    </message>
    <message>
        <source>{s} 秒</source>
        <translation>{s} s</translation>
    </message>
</context>
<context>
    <name>Trouble</name>
    <message>
        <source>学习已暂停，已看的时间不会丢失。</source>
        <translation>Study is paused. No time you watched is lost.</translation>
    </message>
    <message>
        <source>已经计入的时间不受影响。</source>
        <translation>Time already counted is not affected.</translation>
    </message>
    <message>
        <source>如果还是这样，请联系培训机构。</source>
        <translation>If this persists, please contact your institution.</translation>
    </message>
    <message>
        <source>用户名或密码不正确。</source>
        <translation>The user name or password is not correct.</translation>
    </message>
    <message>
        <source>请检查大小写后重新输入。忘记密码请联系培训机构。</source>
        <translation>Check capital letters and try again. If you forgot the password, please contact your institution.</translation>
    </message>
    <message>
        <source>暂时连接不上培训平台。</source>
        <translation>The training platform cannot be reached at the moment.</translation>
    </message>
    <message>
        <source>已看的时间保存在这台电脑上，不会丢失。</source>
        <translation>The time you watched is kept on this computer and will not be lost.</translation>
    </message>
    <message>
        <source>请检查网线或无线网络，然后点“重试”。</source>
        <translation>Please check the cable or wireless network, then choose &quot;Retry&quot;.</translation>
    </message>
    <message>
        <source>培训平台出了问题，没有完成这次请求。</source>
        <translation>Something went wrong on the platform; this request was not completed.</translation>
    </message>
    <message>
        <source>请过一两分钟点“重试”。如果还是这样，请联系培训机构。</source>
        <translation>Please wait a minute or two, then choose &quot;Retry&quot;. If this persists, please contact your institution.</translation>
    </message>
    <message>
        <source>收到的回答不是培训平台应有的内容。</source>
        <translation>The answer was not what a training platform would send.</translation>
    </message>
    <message>
        <source>请确认平台地址正确。机房网络需要先在浏览器登录的，请登录后点“重试”。</source>
        <translation>Please check the platform address. If the network asks you to sign in with a browser first, do that, then choose &quot;Retry&quot;.</translation>
    </message>
    <message>
        <source>这台电脑的时间与平台相差 {by}。</source>
        <translation>This computer&apos;s clock differs from the platform&apos;s by {by}.</translation>
    </message>
    <message>
        <source>无法确认对方是您的培训平台，已停止连接。</source>
        <translation>We could not confirm that this is your training platform, so the connection was ended.</translation>
    </message>
    <message>
        <source>学时按平台的时间计算，不受影响，可以学习。</source>
        <translation>Hours are counted by the platform&apos;s clock, so they are not affected and you can study.</translation>
    </message>
    <message>
        <source>请在系统设置的“日期和时间”中打开“自动设置时间”。</source>
        <translation>Please turn on &quot;Set time automatically&quot; under &quot;Date &amp; time&quot; in the system settings.</translation>
    </message>
    <message>
        <source>没有发送您的学习记录。已看的时间不会丢失。</source>
        <translation>None of your study records were sent. The time you have watched is not lost.</translation>
    </message>
    <message>
        <source>在网络上找不到这个地址。</source>
        <translation>This address cannot be found on the network.</translation>
    </message>
    <message>
        <source>请检查网线或无线网络，并确认平台地址没有写错。</source>
        <translation>Please check the cable or wireless network and that the platform&apos;s address is spelled correctly.</translation>
    </message>
    <message>
        <source>代理设置没有给出可以用的通路。</source>
        <translation>The proxy settings offer no way that can be used.</translation>
    </message>
    <message>
        <source>请网络管理员检查代理脚本，或让平台地址不经过代理，然后点“重试”。</source>
        <translation>Please ask the network administrator to check the proxy script, or to let the platform&apos;s address bypass the proxy, then choose &quot;Retry&quot;.</translation>
    </message>
    <message>
        <source>培训平台现在很忙，请您稍等。</source>
        <translation>The training platform is busy; please wait a moment.</translation>
    </message>
    <message>
        <source>请过一两分钟点“重试”。</source>
        <translation>Please choose &quot;Retry&quot; in a minute or two.</translation>
    </message>
    <message>
        <source>网络返回的是一个网页，不是培训平台的回答。</source>
        <translation>The network returned a web page instead of the training platform&apos;s answer.</translation>
    </message>
    <message>
        <source>这个网络可能要先登录：请打开浏览器，随便打开一个网页，按提示登录网络，然后点“重试”。如果还是这样，请确认平台地址正确。</source>
        <translation>This network may need you to sign in first: please open any page in a browser, sign in to the network as it asks, then choose &quot;Retry&quot;. If this continues, please check the platform&apos;s address.</translation>
    </message>
    <message>
        <source>这条网络上有设备代替培训平台回答，这台电脑不信任它。</source>
        <translation>A device on this network answers in the training platform&apos;s place, and this computer does not trust it.</translation>
    </message>
    <message>
        <source>请先在浏览器里看看这个网络是否要登录。单位网络检查加密流量的，请网络管理员把检查设备的根证书装到系统的“受信任的根证书颁发机构”，或放行平台地址，然后点“重试”。</source>
        <translation>Please first see in a browser whether this network needs a sign-in. If your organisation inspects encrypted traffic, please ask the network administrator to install the inspecting device&apos;s root certificate under &quot;Trusted Root Certification Authorities&quot;, or to let the platform&apos;s address pass, then choose &quot;Retry&quot;.</translation>
    </message>
    <message>
        <source>这台电脑的日期或时间不对，加密连接建立不起来。</source>
        <translation>This computer&apos;s date or time is wrong, so no encrypted connection can be made.</translation>
    </message>
    <message>
        <source>学时按平台的时间计算。已看的时间保存在这台电脑上，不会丢失。</source>
        <translation>Study time is counted by the platform&apos;s clock. What you watched is kept on this computer and will not be lost.</translation>
    </message>
    <message>
        <source>请在系统设置的“日期和时间”中打开“自动设置时间”，然后点“重试”。</source>
        <translation>Please turn on &quot;Set time automatically&quot; under &quot;Date &amp; time&quot; in the system settings, then choose &quot;Retry&quot;.</translation>
    </message>
    <message>
        <source>这个网络的代理服务器要求用户名和密码。</source>
        <translation>This network&apos;s proxy server asks for a user name and password.</translation>
    </message>
    <message>
        <source>请填写网络管理员给您的代理用户名和密码，它们和学习账号无关。</source>
        <translation>Please enter the proxy user name and password from your network administrator; they have nothing to do with your study account.</translation>
    </message>
    <message>
        <source>代理服务器只接受单位的域账号登录，本程序还不支持。</source>
        <translation>The proxy server accepts only your organisation&apos;s domain accounts, which this program does not support yet.</translation>
    </message>
    <message>
        <source>请网络管理员让平台地址不经过代理，或为它打开用户名密码登录，然后点“重试”。</source>
        <translation>Please ask the network administrator to let the platform&apos;s address bypass the proxy, or to allow sign-in with a user name and password, then choose &quot;Retry&quot;.</translation>
    </message>
    <message>
        <source>请不要继续登录，把这一页告诉培训机构。</source>
        <translation>Please do not sign in, and show this page to your institution.</translation>
    </message>
    <message>
        <source>这是演示平台，不能用于正式学习。</source>
        <translation>This is a demonstration platform; it is not for real study.</translation>
    </message>
    <message>
        <source>在演示平台上学习，不会计入学时。</source>
        <translation>Study on the demonstration platform does not count.</translation>
    </message>
    <message>
        <source>请联系培训机构，取得正式平台的地址。</source>
        <translation>Please ask your institution for the address of the real platform.</translation>
    </message>
    <message>
        <source>平台已结束这次登录。</source>
        <translation>The platform ended this session.</translation>
    </message>
    <message>
        <source>请重新登录，然后从停下的地方继续。</source>
        <translation>Please sign in again and continue where you stopped.</translation>
    </message>
    <message>
        <source>您的账号已在另一台设备上登录。</source>
        <translation>Your account was signed in on another device.</translation>
    </message>
    <message>
        <source>这台电脑已停止计时，之前计入的时间不受影响。</source>
        <translation>This computer stopped counting. Time counted before is not affected.</translation>
    </message>
    <message>
        <source>如果是您本人，请在那台设备上继续。如果不是，请尽快告诉培训机构。</source>
        <translation>If that was you, please continue there. If not, please tell your institution soon.</translation>
    </message>
    <message>
        <source>平台没有接受这台电脑的学习记录。</source>
        <translation>The platform did not accept this computer&apos;s study records.</translation>
    </message>
    <message>
        <source>记录完整保存在本机，可由培训机构人工核对。</source>
        <translation>The records are complete on this computer; your institution can check them by hand.</translation>
    </message>
    <message>
        <source>请重新登录后继续，并把这件事告诉培训机构。</source>
        <translation>Please sign in again to continue, and tell your institution about this.</translation>
    </message>
    <message>
        <source>没有找到摄像头。</source>
        <translation>No camera was found.</translation>
    </message>
    <message>
        <source>还不能开始计时。已经计入的时间不受影响。</source>
        <translation>You cannot start yet. Time already counted is not affected.</translation>
    </message>
    <message>
        <source>请接好摄像头，等待几秒，然后点“重试”。</source>
        <translation>Please connect a camera, wait a few seconds, then choose &quot;Retry&quot;.</translation>
    </message>
    <message>
        <source>摄像头被其他程序占用。</source>
        <translation>Another program is using the camera.</translation>
    </message>
    <message>
        <source>请关闭正在使用摄像头的程序，然后点“重试”。</source>
        <translation>Please close the program that uses the camera, then choose &quot;Retry&quot;.</translation>
    </message>
    <message>
        <source>系统不允许本程序使用摄像头。</source>
        <translation>The system does not let this program use the camera.</translation>
    </message>
    <message>
        <source>请在系统设置的“隐私 &gt; 摄像头”中允许桌面应用使用摄像头，然后点“重试”。</source>
        <translation>In the system settings under &quot;Privacy &gt; Camera&quot;, allow desktop apps to use the camera, then choose &quot;Retry&quot;.</translation>
    </message>
    <message>
        <source>摄像头的画面中断了。</source>
        <translation>The camera picture was interrupted.</translation>
    </message>
    <message>
        <source>请检查摄像头的连接，然后点“重试”。</source>
        <translation>Please check how the camera is connected, then choose &quot;Retry&quot;.</translation>
    </message>
    <message>
        <source>人脸核验所需的文件不完整。</source>
        <translation>Files needed for face verification are incomplete.</translation>
    </message>
    <message>
        <source>请重新安装本程序，或联系机房管理员。</source>
        <translation>Please install this program again, or ask the computer room&apos;s administrator.</translation>
    </message>
    <message>
        <source>画面不够清楚，还不能确认是您本人。</source>
        <translation>The picture is not clear enough to confirm that it is you.</translation>
    </message>
    <message>
        <source>请让光线照在脸上，摘下口罩和墨镜，然后点“重试”。</source>
        <translation>Please let light fall on your face, take off mask and sunglasses, then choose &quot;Retry&quot;.</translation>
    </message>
    <message>
        <source>学习中的人脸验证没有完成。</source>
        <translation>A face check during study was not completed.</translation>
    </message>
    <message>
        <source>上次验证通过之后的 {by} 暂未计入。</source>
        <translation>{by} since the last passed check is not counted yet.</translation>
    </message>
    <message>
        <source>请重新登录，从没有计入的地方再看一遍。有疑问请联系培训机构。</source>
        <translation>Please sign in again and watch that part once more. If in doubt, contact your institution.</translation>
    </message>
    <message>
        <source>有一段时间没有看到您操作。</source>
        <translation>No activity for a while.</translation>
    </message>
    <message>
        <source>{by} 后将退出登录，已看的时间不会丢失。</source>
        <translation>You will be signed out in {by}. No time you watched is lost.</translation>
    </message>
    <message>
        <source>如果您还在，请动一下鼠标或按任意键。</source>
        <translation>If you are still there, please move the mouse or press a key.</translation>
    </message>
    <message>
        <source>课程画面加载不出来，网络可能中断了。</source>
        <translation>The lesson&apos;s picture does not load; the network may be down.</translation>
    </message>
    <message>
        <source>请检查网络后点“重试”，也可以改用“流畅”。</source>
        <translation>Please check the network, then choose &quot;Retry&quot;. You can also choose &quot;Fluent&quot;.</translation>
    </message>
    <message>
        <source>平台上没有找到这一课的视频。</source>
        <translation>The platform does not have this lesson&apos;s film.</translation>
    </message>
    <message>
        <source>请先学习其他课程，稍后再点“重试”，并把这件事告诉培训机构。</source>
        <translation>Please study another lesson, press &quot;Retry&quot; later, and tell your institution.</translation>
    </message>
    <message>
        <source>可以继续学习，并请告诉培训机构。</source>
        <translation>You can go on studying. Please tell your institution.</translation>
    </message>
    <message>
        <source>学习记录文件正被另一个程序占用。</source>
        <translation>Another program is holding the file of your study records.</translation>
    </message>
    <message>
        <source>为避免记录出错，已停止计时。已看的时间不受影响。</source>
        <translation>Timing has stopped so that no record goes wrong. The time you have watched is not affected.</translation>
    </message>
    <message>
        <source>如果还开着另一个安学窗口，请回到那里，或关闭它。如果杀毒或备份软件正在检查文件，请稍等。然后点“重试”。</source>
        <translation>If another Anxue window is open, go back to it or close it. If a virus scanner or a backup is looking at the file, please wait a moment. Then press &quot;Retry&quot;.</translation>
    </message>
    <message>
        <source>平台没有允许播放这一课。</source>
        <translation>The platform did not allow this lesson to play.</translation>
    </message>
    <message>
        <source>没能确认画面中是登记的学员。</source>
        <translation>We couldn&apos;t confirm that this is the registered learner.</translation>
    </message>
    <message>
        <source>请您本人面向摄像头再试一次。如果还是不行，请联系培训机构人工核验。</source>
        <translation>Please face the camera yourself and try again. If it still doesn&apos;t work, ask your training school to check in person.</translation>
    </message>
    <message>
        <source>请重新登录。如果还是这样，请联系培训机构。</source>
        <translation>Please sign in again. If this persists, please contact your institution.</translation>
    </message>
    <message>
        <source>这一课的视频有损坏，不能继续播放。</source>
        <translation>This lesson&apos;s film is damaged and cannot go on.</translation>
    </message>
    <message>
        <source>请点“重试”重新下载。如果还是这样，请联系培训机构。</source>
        <translation>Please choose &quot;Retry&quot; to download it again. If this persists, please contact your institution.</translation>
    </message>
    <message>
        <source>这台电脑放不了这一课的视频格式。</source>
        <translation>This computer cannot play this lesson&apos;s film format.</translation>
    </message>
    <message>
        <source>请改用“流畅”。如果还是这样，请联系培训机构。</source>
        <translation>Please choose &quot;Fluent&quot;. If this persists, please contact your institution.</translation>
    </message>
    <message>
        <source>这台电脑上的学习记录文件有损坏。</source>
        <translation>The study records on this computer are damaged.</translation>
    </message>
    <message>
        <source>平台已确认的时间都在，没有上传的部分可能要补看。</source>
        <translation>The time that the platform has confirmed is safe; parts not yet sent may have to be watched again.</translation>
    </message>
    <message>
        <source>请点“重试”：能读出的记录会找回，损坏的文件会另存，然后用新文件继续。</source>
        <translation>Please press &quot;Retry&quot;: records that can be read are recovered, the damaged file is set aside, and a new one is used.</translation>
    </message>
    <message>
        <source>损坏的学习记录文件已另存，现在用的是新文件。</source>
        <translation>The damaged record file was set aside; a new one is in use.</translation>
    </message>
    <message>
        <source>已找回 {n} 条记录。平台已确认的时间都在，没有上传的部分可能要补看。</source>
        <translation>Records recovered: {n}. Confirmed time is all there; what was not uploaded may have to be watched again.</translation>
    </message>
    <message>
        <source>磁盘已满，学习记录存不下了。</source>
        <translation>The disk is full; study records cannot be saved.</translation>
    </message>
    <message>
        <source>请清空回收站或删除不用的文件，然后点“重试”。</source>
        <translation>Please empty the recycle bin or delete files you don&apos;t need, then choose &quot;Retry&quot;.</translation>
    </message>
    <message>
        <source>学习记录所在的文件夹不允许写入。</source>
        <translation>The folder for study records does not allow writing.</translation>
    </message>
    <message>
        <source>请联系机房管理员打开写入权限，然后点“重试”。</source>
        <translation>Please ask the computer room&apos;s administrator to allow it, then choose &quot;Retry&quot;.</translation>
    </message>
    <message>
        <source>这台电脑没有可用的系统密码保管库。</source>
        <translation>This computer has no password store.</translation>
    </message>
    <message>
        <source>不影响学习和计时。</source>
        <translation>Study and counting are not affected.</translation>
    </message>
    <message>
        <source>密码不会保存，下次登录时请再输入一次。</source>
        <translation>The password is not kept; please type it again next time.</translation>
    </message>
    <message>
        <source>可以照常学习和计时，记录会随时上传。记录的密钥只保留到程序关闭：如果程序意外中断，那时还没有上传的记录将无法再读取，可能要补看。</source>
        <translation>You can study and be timed as usual; records are sent as you go. Their key is kept only until the program closes: if it ends unexpectedly, records not sent by then can&apos;t be read again, and you may have to watch that part once more.</translation>
    </message>
    <message>
        <source>您可以点“继续学习”，或请机房管理员启用系统密码保管库，然后点“重试”。</source>
        <translation>You can press &quot;Go on studying&quot;, or ask the administrator to turn on the system&apos;s password store and then press &quot;Retry&quot;.</translation>
    </message>
    <message>
        <source>这里有从另一台电脑带来的学习记录。</source>
        <translation>There are study records here that came from another computer.</translation>
    </message>
    <message>
        <source>其中 {n} 条可能还没有上传，这台电脑无法读取。平台已确认的时间都在。</source>
        <translation>{n} of them may not have been sent, and this computer can&apos;t read them. All time the platform has confirmed is safe.</translation>
    </message>
    <message>
        <source>请在原来的电脑上登录一次，记录会自动上传。这里可以继续学习。</source>
        <translation>Please sign in once on the other computer: the records are then sent by themselves. You can go on studying here.</translation>
    </message>
    <message>
        <source>这台电脑上有用旧密钥保存的学习记录，现在无法读取。</source>
        <translation>This computer has study records kept under an earlier key; they can&apos;t be read now.</translation>
    </message>
    <message>
        <source>其中 {n} 条没有上传，可能要补看。平台已确认的时间都在。</source>
        <translation>{n} of them were not sent, and you may have to watch that part again. All time the platform has confirmed is safe.</translation>
    </message>
    <message>
        <source>可以继续学习。旧文件完整保留，有疑问请联系培训机构。</source>
        <translation>You can go on studying. The old file is kept as it is; if you have questions, please contact your institution.</translation>
    </message>
    <message>
        <source>出现了一个没有预料到的问题。</source>
        <translation>Something unexpected happened.</translation>
    </message>
</context>
<context>
    <name>TroublePage</name>
    <message>
        <source>您的时间</source>
        <translation>Your time</translation>
    </message>
    <message>
        <source>您可以这样做</source>
        <translation>What you can do</translation>
    </message>
    <message>
        <source>重试</source>
        <translation>Retry</translation>
    </message>
    <message>
        <source>继续学习</source>
        <translation>Go on studying</translation>
    </message>
    <message>
        <source>培训机构：{contact}</source>
        <translation>Your institution: {contact}</translation>
    </message>
</context>
<context>
    <name>Window</name>
    <message>
        <source>安学 · 安全生产网络培训</source>
        <translation>Anxue · Work-safety training online</translation>
    </message>
</context>
</TS>
